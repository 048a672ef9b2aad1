package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A RabbitMQ container of this fleet's own, named after its home, with a volume of its own and
 * ports on the loopback address only.
 */
final class DockerBroker implements Broker {

    static final String IMAGE = "rabbitmq:4.3-management";

    private static final Duration QUICK = Duration.ofSeconds(20);
    private static final Duration PULL_LIMIT = Duration.ofMinutes(5);
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final int AMQP = 5672;
    private static final int MANAGEMENT = 15672;
    private static final int METRICS = 15692;

    private final Path home;
    private final String name;
    private final Secrets secrets;

    DockerBroker(Path home) {
        this.home = home.toAbsolutePath().normalize();
        this.name = "llm-fleet-" + Integer.toHexString(this.home.toString().hashCode());
        this.secrets = new Secrets(this.home.resolve("secrets"));
    }

    /** Whether Docker answers and has the image or can get it. */
    static boolean available() {
        if (!docker(QUICK, "info", "--format", "{{.ServerVersion}}").ok()) {
            return false;
        }
        return docker(QUICK, "image", "inspect", IMAGE).ok()
                || docker(PULL_LIMIT, "pull", "--quiet", IMAGE).ok();
    }

    @Override
    public BrokerEndpoint start() {
        requireOwn();
        if (!running()) {
            if (!docker(QUICK, "container", "inspect", name).ok()) {
                create();
            }
            require(docker(START_LIMIT, "start", name), "start the broker's container");
        }
        BrokerEndpoint endpoint = endpoint();
        Instant end = Instant.now().plus(START_LIMIT);
        while (!Readiness.brokerAnswers(endpoint)) {
            if (!running() || Instant.now().isAfter(end)) {
                throw new FleetException(
                        "the broker's container does not answer: "
                                + docker(QUICK, "logs", "--tail", "1", name).lastLine()
                                + " (docker logs "
                                + name
                                + ")");
            }
            Readiness.pause();
        }
        return endpoint;
    }

    /** Its password was in the home; without that nobody gets in, and its tasks are not known. */
    private void requireOwn() {
        boolean there =
                docker(QUICK, "container", "inspect", name).ok()
                        || docker(QUICK, "volume", "inspect", name).ok();
        if (there && Ports.known(home.resolve("amqp.port")) == 0) {
            throw new FleetException(
                    "Docker still has the broker "
                            + name
                            + " of a fleet that was in this folder before, but its password was"
                            + " deleted with the folder; remove it: docker rm --force "
                            + name
                            + "; docker volume rm "
                            + name);
        }
    }

    private void create() {
        int amqp = Ports.kept(home.resolve("amqp.port"));
        int management = Ports.kept(home.resolve("management.port"));
        int metrics = Ports.kept(home.resolve("metrics.port"));
        PrivateFiles.write(home.resolve("20-fleet.conf"), BrokerSettings.conf());
        PrivateFiles.write(home.resolve("advanced.config"), BrokerSettings.advanced());
        PrivateFiles.write(home.resolve("enabled_plugins"), BrokerSettings.PLUGINS);
        Path environment = home.resolve("container.env");
        PrivateFiles.write(
                environment,
                "RABBITMQ_DEFAULT_USER="
                        + BrokerSettings.ADMIN
                        + "\nRABBITMQ_DEFAULT_PASS="
                        + secrets.of(BrokerSettings.ADMIN)
                        + "\n");
        require(
                docker(
                        QUICK,
                        "create",
                        "--name=" + name,
                        // The node's name, and so its data folder, come from it.
                        "--hostname=fleet",
                        "--env-file=" + environment,
                        "--publish=127.0.0.1:" + amqp + ":" + AMQP,
                        "--publish=127.0.0.1:" + management + ":" + MANAGEMENT,
                        "--publish=127.0.0.1:" + metrics + ":" + METRICS,
                        "--volume=" + name + ":/var/lib/rabbitmq",
                        IMAGE),
                "create the broker's container");
        copy("20-fleet.conf", "/etc/rabbitmq/conf.d/20-fleet.conf");
        copy("advanced.config", "/etc/rabbitmq/advanced.config");
        copy("enabled_plugins", "/etc/rabbitmq/enabled_plugins");
    }

    /**
     * Copied and not mounted: Docker may run in a machine of its own that sees no folder of this
     * one.
     */
    private void copy(String file, String target) {
        Path source = home.resolve(file);
        if (!source.toFile().setReadable(true, false)) {
            throw new FleetException("cannot change the mode of " + source);
        }
        require(
                docker(QUICK, "cp", source.toString(), name + ":" + target),
                "give the broker's container its settings");
    }

    @Override
    public Optional<String> metricsUrl() {
        return BrokerSettings.metricsUrl(Ports.known(home.resolve("metrics.port")));
    }

    private BrokerEndpoint endpoint() {
        return BrokerEndpoint.local(
                Ports.known(home.resolve("amqp.port")),
                Ports.known(home.resolve("management.port")),
                BrokerSettings.ADMIN,
                secrets.of(BrokerSettings.ADMIN));
    }

    @Override
    public boolean running() {
        var state = docker(QUICK, "container", "inspect", "--format={{.State.Running}}", name);
        return state.ok() && state.text().strip().equals("true");
    }

    @Override
    public void stop() {
        if (running()) {
            require(docker(START_LIMIT, "stop", "--time=30", name), "stop the broker's container");
        }
    }

    @Override
    public void kill() {
        require(docker(START_LIMIT, "kill", name), "kill the broker's container");
    }

    @Override
    public String control(String... arguments) {
        List<String> command = new ArrayList<>(List.of("exec", name, "rabbitmqctl"));
        command.addAll(List.of(arguments));
        var output = docker(START_LIMIT, command.toArray(String[]::new));
        require(output, "run rabbitmqctl");
        return output.text();
    }

    @Override
    public void wipe() {
        docker(QUICK, "rm", "--force", name);
        docker(QUICK, "volume", "rm", "--force", name);
        PrivateFiles.delete(home);
    }

    @Override
    public String description() {
        return "Docker container " + name + " (" + IMAGE + ")";
    }

    private static void require(Programs.Output output, String what) {
        if (!output.ok()) {
            throw new FleetException("Docker cannot " + what + ": " + output.lastLine());
        }
    }

    private static Programs.Output docker(Duration limit, String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return Programs.run(limit, Map.of(), command);
    }
}
