package io.llmfleet.cli.local;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.BrokerNodes;
import io.llmfleet.wire.BrokerTrust;
import io.llmfleet.wire.BrokerUri;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A broker of one node or several, one of its virtual hosts, and a user that may declare there.
 *
 * @param amqpUri with that user's name and password; of several nodes one each, separated by commas
 * @param managementUrl without a path at its end, separated in the same way, or null where the
 *     broker has none
 * @param trust in its certificate, where the URI or the URL is an encrypted one
 */
public record BrokerEndpoint(String amqpUri, @Nullable String managementUrl, BrokerTrust trust) {

    private static final String NAME = "the broker's URI";
    private static final int CONNECTION_TIMEOUT_MS = 5_000;
    private static final int HEARTBEAT_SECONDS = 10;

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
        return nodes().with(login(user, password), encode(vhost())).toString();
    }

    /** The same broker and user on another virtual host. */
    public BrokerEndpoint onVhost(String vhost) {
        String uri = nodes().with(login(user(), password()), encode(vhost)).toString();
        return new BrokerEndpoint(uri, managementUrl, trust);
    }

    private static String login(String user, String password) {
        return encode(user) + ":" + encode(password);
    }

    /** The address without user and password; of several nodes all. */
    public String address() {
        return addresses().stream()
                .map(a -> a.getHost() + ":" + a.getPort())
                .collect(Collectors.joining(", "));
    }

    /** To the first node that answers. */
    public Connection connect(String name) throws IOException, TimeoutException {
        return factory().newConnection(addresses(), name);
    }

    private List<Address> addresses() {
        return nodes().uris().stream()
                .map(this::factory)
                .map(f -> new Address(f.getHost(), f.getPort()))
                .toList();
    }

    private BrokerNodes nodes() {
        try {
            return BrokerNodes.parse(NAME, amqpUri);
        } catch (IllegalArgumentException e) {
            throw new FleetException(FleetException.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** For connections to the first node. */
    public ConnectionFactory factory() {
        return factory(nodes().uris().getFirst());
    }

    private ConnectionFactory factory(BrokerUri node) {
        try {
            var factory = new ConnectionFactory();
            factory.setUri(node.readable());
            factory.setHost(node.host());
            if (factory.isSSL()) {
                factory.useSslProtocol(trust.context());
                factory.enableHostnameVerification();
            }
            factory.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
            factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
            factory.setAutomaticRecoveryEnabled(false);
            return factory;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new FleetException(
                    FleetException.USAGE, NAME + " is not of the form " + BrokerUri.ACCEPTED, e);
        }
    }

    static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
