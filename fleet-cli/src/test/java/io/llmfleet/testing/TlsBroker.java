package io.llmfleet.testing;

import static org.awaitility.Awaitility.await;

import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.ManagementApi;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.wire.BrokerTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/**
 * A broker of a test's own that is set up by the files in {@code deploy} and speaks TLS only; its
 * certificate is for {@code localhost} and not for 127.0.0.1.
 */
public final class TlsBroker implements AutoCloseable {

    private static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();
    private static final String MOUNTED = "/etc/rabbitmq/tls";
    private static final String USER = "operator";
    private static final String PASSWORD = "a-password-for-tests";
    private static final int AMQPS = 5671;
    private static final int HTTPS = 15671;

    private final Path certificates;
    private final BrokerEndpoint endpoint;
    private final AutoCloseable server;

    private TlsBroker(Path certificates, int amqps, int https, AutoCloseable server) {
        this.certificates = certificates;
        this.server = server;
        this.endpoint =
                new BrokerEndpoint(
                        "amqps://" + USER + ":" + PASSWORD + "@localhost:" + amqps + "/%2F",
                        "https://localhost:" + https,
                        BrokerTrust.read(authority().toString()));
    }

    /**
     * @param folder that it keeps its data in
     */
    public static TlsBroker start(Path folder) throws IOException, InterruptedException {
        Path certificates = makeCertificates(folder.resolve("tls"), "rabbitmq=localhost");
        TlsBroker broker =
                SharedBroker.inDocker() ? container(certificates) : node(folder, certificates);
        await().ignoreExceptions()
                .until(() -> new ManagementApi(broker.endpoint).get("/api/whoami") != null);
        return broker;
    }

    /** As an operator does. */
    public static Path makeCertificates(Path folder, String... servers)
            throws IOException, InterruptedException {
        Path script = DEPLOY.resolve("tls/make-dev-ca.sh");
        var command = new ArrayList<>(List.of(script.toString(), folder.toString()));
        command.addAll(List.of(servers));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        return folder;
    }

    private static TlsBroker container(Path certificates) throws IOException {
        @SuppressWarnings("resource")
        var container =
                new GenericContainer<>(SharedBroker.IMAGE)
                        .withEnv("RABBITMQ_DEFAULT_USER", USER)
                        .withEnv("RABBITMQ_DEFAULT_PASS", PASSWORD)
                        .withExposedPorts(AMQPS, HTTPS)
                        .waitingFor(Wait.forListeningPorts(AMQPS, HTTPS))
                        .withStartupTimeout(SharedBroker.START_LIMIT);
        for (String file : List.of("20-fleet.conf", "30-tls.conf")) {
            container.withCopyToContainer(
                    Transferable.of(deployed(file)), "/etc/rabbitmq/conf.d/" + file);
        }
        container.withCopyToContainer(
                Transferable.of(deployed("advanced.config")), "/etc/rabbitmq/advanced.config");
        for (String file : List.of("ca.pem", "rabbitmq.pem", "rabbitmq.key")) {
            container.withCopyToContainer(
                    Transferable.of(Files.readAllBytes(certificates.resolve(file)), 0444),
                    MOUNTED + "/" + file);
        }
        container.start();
        return new TlsBroker(
                certificates,
                container.getMappedPort(AMQPS),
                container.getMappedPort(HTTPS),
                container);
    }

    private static String deployed(String file) throws IOException {
        return Files.readString(DEPLOY.resolve("rabbitmq").resolve(file));
    }

    private static TlsBroker node(Path folder, Path certificates) throws IOException {
        int amqps = Ports.any();
        int https = Ports.any();
        Path home = Files.createDirectories(folder.resolve("node"));
        Files.writeString(
                home.resolve("rabbitmq.conf"),
                "default_user = "
                        + USER
                        + "\ndefault_pass = "
                        + PASSWORD
                        + "\nmanagement.ssl.ip = 127.0.0.1\n"
                        + deployed("20-fleet.conf")
                        + deployed("30-tls.conf")
                                .replace(MOUNTED, certificates.toString())
                                .replace("= " + AMQPS, "= 127.0.0.1:" + amqps)
                                .replace("= " + HTTPS, "= " + https));
        Files.writeString(home.resolve("advanced.config"), deployed("advanced.config"));
        Files.writeString(home.resolve("enabled_plugins"), "[rabbitmq_management].");
        Process process = launch(home);
        return new TlsBroker(certificates, amqps, https, () -> stop(process));
    }

    private static Process launch(Path home) throws IOException {
        Path debian = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
        String server = Files.isExecutable(debian) ? debian.toString() : "rabbitmq-server";
        var builder = new ProcessBuilder(server);
        Map<String, String> env = new TreeMap<>();
        env.put("HOME", home.toString());
        env.put(
                "RABBITMQ_NODENAME",
                "fleet-tls-" + Integer.toHexString(home.hashCode()) + "@localhost");
        env.put("RABBITMQ_DIST_PORT", Integer.toString(Ports.any()));
        env.put("RABBITMQ_MNESIA_BASE", home.resolve("data").toString());
        env.put("RABBITMQ_LOG_BASE", home.resolve("log").toString());
        env.put("RABBITMQ_PID_FILE", home.resolve("node.pid").toString());
        env.put("RABBITMQ_CONFIG_FILE", home.resolve("rabbitmq.conf").toString());
        env.put("RABBITMQ_ADVANCED_CONFIG_FILE", home.resolve("advanced.config").toString());
        env.put("RABBITMQ_ENABLED_PLUGINS_FILE", home.resolve("enabled_plugins").toString());
        env.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        env.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1}");
        // The script becomes the node, so that its end is the node's.
        env.put("RUNNING_UNDER_SYSTEMD", "true");
        builder.environment().putAll(env);
        builder.redirectErrorStream(true).redirectOutput(home.resolve("node.out").toFile());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** Its administrator, with trust in its authority. */
    public BrokerEndpoint endpoint() {
        return endpoint;
    }

    /** The PEM file of the authority that signed its certificate. */
    public Path authority() {
        return certificates.resolve("ca.pem");
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
