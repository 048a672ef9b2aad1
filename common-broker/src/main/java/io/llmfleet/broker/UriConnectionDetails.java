package io.llmfleet.broker;

import com.rabbitmq.client.ConnectionFactory;
import io.llmfleet.wire.BrokerNodes;
import io.llmfleet.wire.BrokerTrust;
import io.llmfleet.wire.BrokerUri;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * Reads the broker's addresses as the AMQP URI specification says, percent-encoded parts included;
 * a list of URIs is one of nodes. With {@code amqps} every connection is encrypted, to a host whose
 * name and certificate were verified.
 */
final class UriConnectionDetails implements RabbitConnectionDetails {

    private static final String VARIABLE = "FLEET_BROKER_URI";

    private final List<ConnectionFactory> nodes;
    private final BrokerTrust trust;

    /**
     * @param uris {@code amqp://user:password@host:port/vhost}, comma-separated
     * @throws IllegalArgumentException if one is no AMQP URI or they are not of one broker, which
     *     does not repeat the password
     */
    UriConnectionDetails(String uris, BrokerTrust trust) {
        if (uris.isBlank()) {
            throw new IllegalArgumentException(
                    VARIABLE + " is missing; accepted: " + BrokerUri.ACCEPTED);
        }
        this.nodes =
                BrokerNodes.parse(VARIABLE, uris).uris().stream()
                        .map(UriConnectionDetails::node)
                        .toList();
        this.trust = trust;
        trust.requireUseBy(encrypted(), VARIABLE);
    }

    private boolean encrypted() {
        return nodes.getFirst().isSSL();
    }

    private static ConnectionFactory node(BrokerUri uri) {
        ConnectionFactory node = new ConnectionFactory();
        try {
            node.setUri(uri.readable());
            node.setHost(uri.host());
            return node;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    VARIABLE + " is not of the form " + BrokerUri.ACCEPTED);
        }
    }

    @Override
    public String getUsername() {
        return nodes.getFirst().getUsername();
    }

    @Override
    public String getPassword() {
        return nodes.getFirst().getPassword();
    }

    @Override
    public String getVirtualHost() {
        return nodes.getFirst().getVirtualHost();
    }

    @Override
    public @Nullable SslBundle getSslBundle() {
        return encrypted()
                ? SslBundle.of(SslStoreBundle.of(null, null, trust.authorities()))
                : null;
    }

    @Override
    public List<Address> getAddresses() {
        return nodes.stream().map(n -> new Address(n.getHost(), n.getPort())).toList();
    }
}
