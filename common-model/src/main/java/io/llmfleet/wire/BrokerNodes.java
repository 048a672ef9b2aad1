package io.llmfleet.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one broker: URIs, separated by commas, that differ in host and port alone.
 *
 * @param uris at least one; each names a host
 */
public record BrokerNodes(List<URI> uris) {

    private static final String SEPARATOR = ",";
    private static final String AMQP_FORM =
            "accepted: amqp:// or amqps://user:password@host:port/vhost, special characters as %XX;"
                    + " of several nodes one each, separated by commas";
    private static final String MANAGEMENT_FORM =
            "accepted: http:// or https://host:port; of several nodes one each, separated by"
                    + " commas";

    public BrokerNodes {
        uris = List.copyOf(uris);
    }

    /**
     * @param name of the setting, for the error
     * @throws IllegalArgumentException if one is no AMQP URI, or they are not of one broker; it
     *     says what is wrong and does not repeat the password
     */
    public static BrokerNodes amqp(String name, String list) {
        BrokerNodes nodes = parse(name, list, Set.of("amqp", "amqps"), "no AMQP URI", AMQP_FORM);
        nodes.requireSame(name, "scheme", URI::getScheme);
        nodes.requireSame(name, "user or password", URI::getUserInfo);
        nodes.requireSame(name, "virtual host", BrokerNodes::vhost);
        return nodes;
    }

    /**
     * @param name of the setting, for the error
     * @throws IllegalArgumentException if one is no URL of a management API, or they are not of one
     *     broker
     */
    public static BrokerNodes management(String name, String list) {
        BrokerNodes nodes =
                parse(name, list, Set.of("http", "https"), "no URL", MANAGEMENT_FORM)
                        .map(u -> u.toString().replaceFirst("/+$", ""));
        nodes.requireSame(name, "scheme", URI::getScheme);
        return nodes;
    }

    private static BrokerNodes parse(
            String name, String list, Set<String> schemes, String otherwise, String form) {
        List<URI> uris = Arrays.stream(list.split(SEPARATOR, -1)).map(BrokerNodes::uri).toList();
        for (int i = 0; i < uris.size(); i++) {
            URI uri = uris.get(i);
            if (uri == null || uri.getHost() == null || !schemes.contains(uri.getScheme())) {
                String which = uris.size() == 1 ? "" : " at place " + (i + 1);
                throw new IllegalArgumentException(name + " is " + otherwise + which + "; " + form);
            }
        }
        return new BrokerNodes(uris);
    }

    private static @Nullable URI uri(String text) {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** As RabbitMQ's clients read it. */
    private static String vhost(URI uri) {
        return uri.getPath().isEmpty() ? "/" : uri.getPath().substring(1);
    }

    private void requireSame(String name, String what, Function<URI, @Nullable String> part) {
        String first = part.apply(uris.getFirst());
        for (int i = 1; i < uris.size(); i++) {
            if (!Objects.equals(first, part.apply(uris.get(i)))) {
                throw new IllegalArgumentException(
                        name
                                + " has another "
                                + what
                                + " at place "
                                + (i + 1)
                                + " than at the first; accepted: nodes of one broker, which differ"
                                + " in host and port alone");
            }
        }
    }

    public boolean encrypted() {
        return Set.of("amqps", "https").contains(uris.getFirst().getScheme());
    }

    /** One text for each node. */
    public List<String> texts() {
        return uris.stream().map(URI::toString).toList();
    }

    /** The same nodes with every URI changed. */
    public BrokerNodes map(Function<URI, String> change) {
        return new BrokerNodes(uris.stream().map(change).map(URI::create).toList());
    }

    /** The list, as it is given in a setting. */
    @Override
    public String toString() {
        return uris.stream().map(URI::toString).collect(Collectors.joining(SEPARATOR));
    }
}
