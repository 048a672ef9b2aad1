package io.llmfleet.system.chaos.fleet;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A broker of three nodes, each a container, on a network of their own; its settings are those in
 * {@code deploy/rabbitmq}.
 */
public final class BrokerCluster implements AutoCloseable {

    public static final int NODES = 3;

    private static final String IMAGE = "rabbitmq:4.3-management";
    private static final String USER = "operator";
    private static final int AMQP = 5672;
    private static final int MANAGEMENT = 15672;
    private static final Duration WHOLE_LIMIT = Duration.ofMinutes(3);

    private final Path deploy;
    private final String network =
            "llm-fleet-chaos-" + UUID.randomUUID().toString().substring(0, 8);
    private final String password = UUID.randomUUID().toString();
    private final List<ClusterNode> nodes;

    /**
     * @param root of the project
     */
    public BrokerCluster(Path root) {
        this.deploy = root.resolve("deploy").resolve("rabbitmq");
        this.nodes =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(i -> new ClusterNode(network, i, Ports.any(), Ports.any()))
                        .toList();
    }

    /** Its administrator, at all nodes. */
    public BrokerEndpoint endpoint() {
        return new BrokerEndpoint(
                list("amqp://" + USER + ":" + password + "@127.0.0.1:%d/%%2F", ClusterNode::amqp),
                list("http://127.0.0.1:%d", ClusterNode::management));
    }

    private String list(String form, ToIntFunction<ClusterNode> port) {
        return nodes.stream()
                .map(n -> form.formatted(port.applyAsInt(n)))
                .collect(Collectors.joining(","));
    }

    /** What a fleet has to know of it. */
    Map<String, String> settings() {
        BrokerEndpoint all = endpoint();
        return Map.of(
                "RABBITMQ_URI", all.amqpUri(),
                "RABBITMQ_MANAGEMENT_URL", String.valueOf(all.managementUrl()));
    }

    /** Returns when all nodes are one broker. */
    public void start() {
        Docker.run("network", "create", network);
        nodes.forEach(this::create);
        nodes.forEach(ClusterNode::start);
        awaitWhole();
    }

    private void create(ClusterNode node) {
        Docker.run(
                "create",
                "--name=" + node.container(),
                "--hostname=" + node.host(),
                "--network=" + network,
                "--network-alias=" + node.host(),
                "--env=RABBITMQ_ERLANG_COOKIE=" + network,
                "--env=RABBITMQ_DEFAULT_USER=" + USER,
                "--env=RABBITMQ_DEFAULT_PASS=" + password,
                "--publish=127.0.0.1:" + node.amqp() + ":" + AMQP,
                "--publish=127.0.0.1:" + node.management() + ":" + MANAGEMENT,
                IMAGE);
        copy(deploy.resolve("20-fleet.conf"), node, "conf.d/20-fleet.conf");
        copy(deploy.resolve("advanced.config"), node, "advanced.config");
        Path discovery = write(discovery());
        copy(discovery, node, "conf.d/40-cluster.conf");
    }

    private String discovery() {
        return "cluster_formation.peer_discovery_backend = classic_config\n"
                + nodes.stream()
                        .map(
                                n ->
                                        "cluster_formation.classic_config.nodes.%d = %s\n"
                                                .formatted(n.number(), n.name()))
                        .collect(Collectors.joining());
    }

    private static Path write(String text) {
        try {
            Path file = Files.createTempFile("cluster", ".conf");
            file.toFile().deleteOnExit();
            if (!file.toFile().setReadable(true, false)) {
                throw new FleetException("cannot change the mode of " + file);
            }
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new FleetException("cannot write the cluster's settings", e);
        }
    }

    private static void copy(Path file, ClusterNode node, String target) {
        Docker.run("cp", file.toString(), node.container() + ":/etc/rabbitmq/" + target);
    }

    /**
     * @param name as the broker calls it
     */
    public ClusterNode node(String name) {
        return nodes.stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new FleetException("the broker has no node '" + name + "'"));
    }

    /** All nodes run, see each other, and each queue has all its members; waits for it. */
    public void awaitWhole() {
        var view = new BrokerView(endpoint());
        Waits.require(
                "the broker has all its nodes and queues all their members",
                WHOLE_LIMIT,
                () -> view.runningNodes() == NODES && view.lackingMembers().isEmpty());
    }

    /** Every node is back when it returns. */
    void heal() {
        nodes.forEach(ClusterNode::heal);
        awaitWhole();
    }

    void keepLogs(Path target) {
        for (ClusterNode node : nodes) {
            try {
                Files.writeString(
                        target.resolve(node.host() + ".log"), Docker.run("logs", node.container()));
            } catch (IOException e) {
                throw new FleetException("logs cannot be kept in " + target, e);
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(n -> Docker.quietly("rm", "--force", "--volumes", n.container()));
        Docker.quietly("network", "rm", network);
    }
}
