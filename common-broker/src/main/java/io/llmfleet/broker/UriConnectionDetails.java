package io.llmfleet.broker;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;

/**
 * Reads the broker's addresses as the AMQP URI specification says, percent-encoded parts included;
 * a list of URIs is one of nodes, and the first one has the user and the virtual host.
 */
final class UriConnectionDetails implements RabbitConnectionDetails {

    private final List<ConnectionFactory> nodes;

    /**
     * @param uris {@code amqp://user:password@host:port/vhost}, comma-separated
     * @throws IllegalArgumentException if one is no AMQP URI; it does not repeat the password
     */
    UriConnectionDetails(String uris) {
        this.nodes = Arrays.stream(uris.split(",")).map(UriConnectionDetails::parse).toList();
    }

    private static ConnectionFactory parse(String uri) {
        ConnectionFactory node = new ConnectionFactory();
        try {
            node.setUri(uri.strip());
            return node;
        } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "FLEET_BROKER_URI is no AMQP URI; accepted:"
                            + " amqp://user:password@host:port/vhost, special characters as %XX");
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
    public List<Address> getAddresses() {
        return nodes.stream().map(n -> new Address(n.getHost(), n.getPort())).toList();
    }
}
