package io.llmfleet.cli.local;

import com.rabbitmq.client.ConnectionFactory;
import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.BrokerTrust;
import io.llmfleet.wire.BrokerUri;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * A broker, one of its virtual hosts, and a user that may declare there.
 *
 * @param amqpUri with that user's name and password
 * @param managementUrl without a path at its end, or null where the broker has none
 * @param trust in its certificate, where the URI or the URL is an encrypted one
 */
public record BrokerEndpoint(String amqpUri, @Nullable String managementUrl, BrokerTrust trust) {

    private static final int CONNECTION_TIMEOUT_MS = 5_000;

    public BrokerEndpoint(String amqpUri, @Nullable String managementUrl) {
        this(amqpUri, managementUrl, BrokerTrust.OF_JDK);
    }

    static BrokerEndpoint local(int amqpPort, int managementPort, String user, String password) {
        return new BrokerEndpoint(
                "amqp://" + user + ":" + password + "@127.0.0.1:" + amqpPort + "/%2F",
                "http://127.0.0.1:" + managementPort);
    }

    boolean encrypted() {
        return factory().isSSL();
    }

    public String user() {
        return factory().getUsername();
    }

    public String password() {
        return factory().getPassword();
    }

    public String vhost() {
        return factory().getVirtualHost();
    }

    /** The same broker and virtual host for another user. */
    public String uriOf(String user, String password) {
        BrokerUri known = parsed();
        int port = known.readable().getPort();
        return known.readable().getScheme()
                + "://"
                + encode(user)
                + ":"
                + encode(password)
                + "@"
                + known.host()
                + (port < 0 ? "" : ":" + port)
                + "/"
                + encode(vhost());
    }

    /** The same broker and user on another virtual host. */
    public BrokerEndpoint onVhost(String vhost) {
        String base = amqpUri.substring(0, amqpUri.lastIndexOf('/'));
        return new BrokerEndpoint(base + "/" + encode(vhost), managementUrl, trust);
    }

    /** The address without user and password. */
    public String address() {
        return factory().getHost() + ":" + factory().getPort();
    }

    public ConnectionFactory factory() {
        BrokerUri known = parsed();
        try {
            var factory = new ConnectionFactory();
            factory.setUri(known.readable());
            factory.setHost(known.host());
            if (factory.isSSL()) {
                factory.useSslProtocol(trust.context());
                factory.enableHostnameVerification();
            }
            factory.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
            factory.setAutomaticRecoveryEnabled(false);
            return factory;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw refused("is not of the form " + BrokerUri.ACCEPTED, e);
        }
    }

    private BrokerUri parsed() {
        try {
            return BrokerUri.parse(amqpUri);
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()), e);
        }
    }

    private static FleetException refused(String why, Exception cause) {
        return new FleetException(FleetException.USAGE, "the broker's URI " + why, cause);
    }

    static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
