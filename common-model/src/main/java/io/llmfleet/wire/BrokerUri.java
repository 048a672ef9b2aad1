package io.llmfleet.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the host in a broker's URI, also one with an underscore, which networks of containers have:
 * java.net.URI knows no such host, and who goes by it ends up at localhost.
 *
 * @param host as it is written
 * @param readable the same URI with a host that java.net.URI knows
 */
public record BrokerUri(String host, URI readable) {

    public static final String ACCEPTED =
            "amqp:// or amqps://user:password@host:port/vhost, special characters as %XX; of"
                    + " several nodes one each, separated by commas";

    private static final Pattern UNDERSCORE =
            Pattern.compile(
                    "(?<before>[a-zA-Z]+://([^@/?#]*@)?)"
                            + "(?<host>[A-Za-z0-9.-]*_[A-Za-z0-9._-]*)"
                            + "(?<after>(:[0-9]*)?([/?#].*)?)");

    /**
     * @throws IllegalArgumentException saying what is wrong, without what may be secret
     */
    public static BrokerUri parse(String uri) {
        Matcher found = UNDERSCORE.matcher(uri);
        if (!found.matches()) {
            URI known = read(uri);
            return new BrokerUri(requireForm(known.getHost()), known);
        }
        String host = found.group("host");
        URI readable = read(found.group("before") + "localhost" + found.group("after"));
        if (readable.getScheme().equals("amqps")) {
            throw new IllegalArgumentException(
                    "has the host "
                            + host
                            + ", and no certificate can be for a name with an underscore; for amqps give the"
                            + " broker another name");
        }
        return new BrokerUri(host, readable);
    }

    /** Whether connections to it are. */
    public boolean encrypted() {
        return readable.getScheme().equals("amqps");
    }

    /** {@code user:password} as it is written; null if there is none. */
    public @Nullable String login() {
        return readable.getRawUserInfo();
    }

    /** As RabbitMQ's clients read it: without a path it is the broker's default one. */
    public String vhost() {
        return readable.getPath().isEmpty() ? "/" : readable.getPath().substring(1);
    }

    /**
     * The same node for another user or virtual host.
     *
     * @param login {@code user:password}, percent-encoded
     * @param vhost percent-encoded
     */
    public BrokerUri with(String login, String vhost) {
        return parse(readable.getScheme() + "://" + login + "@" + address() + "/" + vhost);
    }

    private String address() {
        return readable.getPort() < 0 ? host : host + ":" + readable.getPort();
    }

    /** As it was given, so with user and password. */
    @Override
    public String toString() {
        String login = login() == null ? "" : login() + "@";
        String query = readable.getRawQuery() == null ? "" : "?" + readable.getRawQuery();
        return readable.getScheme() + "://" + login + address() + readable.getRawPath() + query;
    }

    private static URI read(String uri) {
        try {
            URI known = new URI(uri);
            boolean amqp = "amqp".equals(known.getScheme()) || "amqps".equals(known.getScheme());
            return requireForm(amqp ? known : null);
        } catch (URISyntaxException e) {
            // Without the cause, which quotes the password.
            throw new IllegalArgumentException("is not of the form " + ACCEPTED);
        }
    }

    private static <T> T requireForm(@Nullable T part) {
        if (part == null) {
            throw new IllegalArgumentException("is not of the form " + ACCEPTED);
        }
        return part;
    }
}
