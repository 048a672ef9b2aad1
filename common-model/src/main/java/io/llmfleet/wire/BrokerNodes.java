package io.llmfleet.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one broker: URIs, separated by commas, that differ in host and port alone.
 *
 * @param uris at least one
 */
public record BrokerNodes(List<BrokerUri> uris) {

    private static final String SEPARATOR = ",";

    public BrokerNodes {
        uris = List.copyOf(uris);
    }

    /**
     * @param name of the setting, for the error
     * @throws IllegalArgumentException if one is no AMQP URI, or they are not of one broker; it
     *     says what is wrong and does not repeat the password
     */
    public static BrokerNodes parse(String name, String list) {
        List<String> texts = Arrays.asList(list.split(SEPARATOR, -1));
        List<BrokerUri> uris = new ArrayList<>();
        for (String text : texts) {
            String which = texts.size() == 1 ? "" : " at place " + (uris.size() + 1);
            try {
                uris.add(BrokerUri.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                // Without the cause, which may quote the password.
                throw new IllegalArgumentException(name + which + " " + e.getMessage());
            }
        }
        BrokerNodes nodes = new BrokerNodes(uris);
        nodes.requireSame(name, "scheme", BrokerUri::encrypted);
        nodes.requireSame(name, "user or password", BrokerUri::login);
        nodes.requireSame(name, "virtual host", BrokerUri::vhost);
        return nodes;
    }

    private void requireSame(String name, String what, Function<BrokerUri, @Nullable Object> part) {
        Object first = part.apply(uris.getFirst());
        for (int i = 1; i < uris.size(); i++) {
            if (!Objects.equals(first, part.apply(uris.get(i)))) {
                throw new IllegalArgumentException(
                        "%s has another %s at place %d than at the first; accepted: nodes of one broker, which differ in host and port alone"
                                .formatted(name, what, i + 1));
            }
        }
    }

    public boolean encrypted() {
        return uris.getFirst().encrypted();
    }

    /**
     * The same nodes for another user or virtual host.
     *
     * @param login {@code user:password}, percent-encoded
     * @param vhost percent-encoded
     */
    public BrokerNodes with(String login, String vhost) {
        return new BrokerNodes(uris.stream().map(uri -> uri.with(login, vhost)).toList());
    }

    /** The list, as it is given in a setting. */
    @Override
    public String toString() {
        return uris.stream().map(BrokerUri::toString).collect(Collectors.joining(SEPARATOR));
    }
}
