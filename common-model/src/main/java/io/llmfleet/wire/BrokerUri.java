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
            "amqp:// or amqps://user:password@host:port/vhost, special characters as %XX";

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
            return new BrokerUri(requireHost(known.getHost()), known);
        }
        String host = found.group("host");
        URI readable = read(found.group("before") + "localhost" + found.group("after"));
        if ("amqps".equalsIgnoreCase(readable.getScheme())) {
            throw new IllegalArgumentException(
                    "has the host "
                            + host
                            + ", and no certificate can be for a name with an underscore; for amqps give the"
                            + " broker another name");
        }
        return new BrokerUri(host, readable);
    }

    private static URI read(String uri) {
        try {
            return new URI(uri);
        } catch (URISyntaxException e) {
            // Without the cause, which quotes the password.
            throw new IllegalArgumentException("is not of the form " + ACCEPTED);
        }
    }

    private static String requireHost(@Nullable String host) {
        if (host == null) {
            throw new IllegalArgumentException("is not of the form " + ACCEPTED);
        }
        return host;
    }
}
