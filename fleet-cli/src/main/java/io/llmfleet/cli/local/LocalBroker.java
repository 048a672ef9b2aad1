package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A private RabbitMQ node: its data, settings, ports, cookie and users are of one folder, it
 * listens on the loopback address only, and it outlives the process that starts it.
 */
public final class LocalBroker implements Broker {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Path home;
    private final Daemon daemon;
    private final Secrets secrets;

    /**
     * @param home folder of the node, made if needed
     */
    public LocalBroker(Path home) {
        this.home = home.toAbsolutePath().normalize();
        this.daemon = new Daemon(this.home.resolve("node.pid"), this.home.resolve("log/node.out"));
        this.secrets = new Secrets(this.home.resolve("secrets"));
    }

    /** Whether a server that is recent enough is installed here. */
    public static boolean available() {
        return RabbitMqInstallation.find().filter(RabbitMqInstallation::recentEnough).isPresent();
    }

    @Override
    public BrokerEndpoint start() {
        if (!running()) {
            RabbitMqInstallation installation = installation();
            int amqp = Ports.kept(home.resolve("amqp.port"));
            int management = Ports.kept(home.resolve("management.port"));
            int metrics = Ports.kept(home.resolve("metrics.port"));
            int distribution = Ports.kept(home.resolve("distribution.port"));
            configure(amqp, management, metrics);
            daemon.start(program(installation, distribution));
        }
        BrokerEndpoint endpoint = endpoint();
        Readiness.await("the broker", daemon, START_LIMIT, () -> Readiness.brokerAnswers(endpoint));
        return endpoint;
    }

    private static RabbitMqInstallation installation() {
        Optional<RabbitMqInstallation> found = RabbitMqInstallation.find();
        if (found.isEmpty()) {
            throw new FleetException("there is no rabbitmq-server on this machine");
        }
        if (!found.get().recentEnough()) {
            throw new FleetException(
                    found.get().server()
                            + " is version "
                            + found.get().version()
                            + ", the fleet needs 3.10 or later");
        }
        return found.get();
    }

    private void configure(int amqp, int management, int metrics) {
        String conf =
                "listeners.tcp.local = 127.0.0.1:"
                        + amqp
                        + "\nmanagement.tcp.ip = 127.0.0.1\nmanagement.tcp.port = "
                        + management
                        + "\nprometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = "
                        + metrics
                        + "\ndefault_user = "
                        + BrokerSettings.ADMIN
                        + "\ndefault_pass = "
                        + secrets.of(BrokerSettings.ADMIN)
                        + "\nlog.file.rotation.size = 10485760\nlog.file.rotation.count = 3\n"
                        + BrokerSettings.conf();
        PrivateFiles.write(home.resolve("rabbitmq.conf"), conf);
        PrivateFiles.write(home.resolve("advanced.config"), BrokerSettings.advanced());
        PrivateFiles.write(home.resolve("enabled_plugins"), BrokerSettings.PLUGINS);
        PrivateFiles.folder(home.resolve("data"));
    }

    private Daemon.Program program(RabbitMqInstallation installation, int distribution) {
        Map<String, String> env = environment();
        env.put("RABBITMQ_DIST_PORT", Integer.toString(distribution));
        env.put("RABBITMQ_MNESIA_BASE", home.resolve("data").toString());
        env.put("RABBITMQ_LOG_BASE", home.resolve("log").toString());
        env.put("RABBITMQ_PID_FILE", home.resolve("data/node.pid").toString());
        env.put("RABBITMQ_CONFIG_FILE", home.resolve("rabbitmq.conf").toString());
        env.put("RABBITMQ_ADVANCED_CONFIG_FILE", home.resolve("advanced.config").toString());
        env.put("RABBITMQ_ENABLED_PLUGINS_FILE", home.resolve("enabled_plugins").toString());
        env.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        // No busy waiting: the node shares few cores with everything else.
        env.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none");
        // Makes the script become the node instead of watching over it, so that its id is the
        // node's.
        env.put("RUNNING_UNDER_SYSTEMD", "true");
        return new Daemon.Program(List.of(installation.server().toString()), env, home);
    }

    /** What the node and those who speak to it must know alike. */
    private Map<String, String> environment() {
        Map<String, String> env = new HashMap<>();
        env.put("HOME", home.toString());
        env.put("RABBITMQ_NODENAME", nodeName());
        return env;
    }

    private String nodeName() {
        return "fleet-" + Integer.toHexString(home.toString().hashCode()) + "@localhost";
    }

    @Override
    public Optional<String> metricsUrl() {
        return BrokerSettings.metricsUrl(Ports.known(home.resolve("metrics.port")));
    }

    /** Where it listens, whether it runs or not. */
    public BrokerEndpoint endpoint() {
        return BrokerEndpoint.local(
                Ports.known(home.resolve("amqp.port")),
                Ports.known(home.resolve("management.port")),
                BrokerSettings.ADMIN,
                secrets.of(BrokerSettings.ADMIN));
    }

    @Override
    public boolean running() {
        return daemon.running().isPresent();
    }

    @Override
    public void stop() {
        daemon.stop("TERM", STOP_LIMIT);
    }

    @Override
    public void kill() {
        daemon.kill();
    }

    @Override
    public String control(String... arguments) {
        Path server = installation().server();
        List<String> command = new ArrayList<>();
        command.add(server.resolveSibling("rabbitmqctl").toString());
        command.addAll(List.of(arguments));
        var output = Programs.run(STOP_LIMIT, environment(), command);
        if (!output.ok()) {
            throw new FleetException("rabbitmqctl: " + output.lastLine());
        }
        return output.text();
    }

    /** Stops it in its tracks, connections open, until {@link #resume()}. */
    public void pause() {
        daemon.signal("STOP");
    }

    public void resume() {
        daemon.signal("CONT");
    }

    /** Its process, for those who measure it. */
    public Optional<ProcessHandle> process() {
        return daemon.running();
    }

    @Override
    public void wipe() {
        kill();
        PrivateFiles.delete(home);
    }

    @Override
    public String description() {
        return "private RabbitMQ node in " + home;
    }
}
