package io.llmfleet.cli.local;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.Topology;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Declares a topology and its users; applied twice it changes nothing, and what is there with other
 * arguments stops it.
 */
public final class TopologyApplier {

    /**
     * What holds after it was applied.
     *
     * @param uris the broker's URI by user
     * @param ownUsers false where the broker has no management API: all then use the given URI's
     *     user
     */
    public record Applied(Map<String, String> uris, boolean ownUsers) {

        public String uri(String user) {
            String uri = uris.get(user);
            if (uri == null) {
                throw new FleetException("the topology has no user " + user);
            }
            return uri;
        }
    }

    private static final Set<String> KEPT = Set.of(Queues.SUBMIT, Queues.DEAD);

    private final BrokerEndpoint endpoint;
    private final Secrets secrets;

    /**
     * @param secrets where the users' passwords are kept
     */
    public TopologyApplier(BrokerEndpoint endpoint, Secrets secrets) {
        this.endpoint = endpoint;
        this.secrets = secrets;
    }

    /**
     * @throws FleetException naming the queue and the argument that differs, or the user that would
     *     lose its rights
     */
    public Applied apply(Topology topology) {
        requireAnotherAdministrator(topology);
        try (Connection connection = endpoint.connect("fleet-cli topology");
                Channel channel = connection.createChannel()) {
            declare(channel, topology);
        } catch (IOException | ShutdownSignalException e) {
            throw problem(e);
        } catch (TimeoutException e) {
            throw unreachable(e);
        }
        return users(topology);
    }

    /** Its password and its rights would be replaced by those of the topology's user. */
    private void requireAnotherAdministrator(Topology topology) {
        String administrator = endpoint.user();
        if (endpoint.managementUrl() != null
                && topology.users().stream().anyMatch(u -> u.name().equals(administrator))) {
            throw new FleetException(
                    FleetException.USAGE,
                    "the user "
                            + administrator
                            + " of the broker's URI is one that the topology makes, with few"
                            + " rights; give the URI another administrator, or the client another"
                            + " name",
                    null);
        }
    }

    /**
     * Makes all queues anew but those whose messages no task stands for: what clients submitted,
     * and what could not be read.
     */
    public void forget(Topology topology) {
        try (Connection connection = endpoint.connect("fleet-cli topology");
                Channel channel = connection.createChannel()) {
            for (Topology.Queue queue : topology.queues()) {
                if (!KEPT.contains(queue.name())) {
                    channel.queueDelete(queue.name());
                }
            }
            declare(channel, topology);
        } catch (IOException | ShutdownSignalException e) {
            throw problem(e);
        } catch (TimeoutException e) {
            throw unreachable(e);
        }
    }

    private static void declare(Channel channel, Topology topology) throws IOException {
        for (String exchange : topology.exchanges()) {
            channel.exchangeDeclare(exchange, "topic", true);
        }
        for (Topology.Queue queue : topology.queues()) {
            channel.queueDeclare(queue.name(), true, false, false, queue.arguments());
        }
        for (Topology.Binding binding : topology.bindings()) {
            channel.queueBind(binding.queue(), binding.exchange(), binding.key());
        }
    }

    private Applied users(Topology topology) {
        Map<String, String> uris = new LinkedHashMap<>();
        if (endpoint.managementUrl() == null) {
            topology.users().forEach(u -> uris.put(u.name(), endpoint.amqpUri()));
            return new Applied(uris, false);
        }
        var management = new ManagementApi(endpoint);
        for (BrokerUser user : topology.users()) {
            String password = secrets.of(user.name());
            management.putUser(user, password);
            uris.put(user.name(), endpoint.uriOf(user.name(), password));
        }
        return new Applied(uris, true);
    }

    private FleetException problem(Exception e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof ShutdownSignalException s
                    && s.getReason() instanceof AMQP.Channel.Close close) {
                return new FleetException("topology: " + explain(close), e);
            }
        }
        return unreachable(e);
    }

    private static String explain(AMQP.Channel.Close close) {
        String said = close.getReplyText().replaceFirst("^[A-Z_]+ - ", "");
        return close.getReplyCode() == AMQP.PRECONDITION_FAILED
                ? said + "; delete or drain it, or give the changed one a new name"
                : said;
    }

    private FleetException unreachable(Exception e) {
        return new FleetException(
                FleetException.UNREACHABLE,
                "the broker at "
                        + endpoint.address()
                        + " refuses or breaks the connection: "
                        + reason(e),
                e);
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
