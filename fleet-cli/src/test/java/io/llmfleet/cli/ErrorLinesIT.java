package io.llmfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.LocalBroker;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.testing.FleetCommand;
import io.llmfleet.testing.FleetCommand.Outcome;
import io.llmfleet.testing.TestBroker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be wrong around a command is said in one line, with an exit code. */
class ErrorLinesIT {

    private static final Path ROOT = Path.of("..");

    @TempDir Path folder;
    private FleetCommand fleet;

    @BeforeEach
    void prepare() {
        fleet =
                new FleetCommand(
                        ROOT,
                        Map.of(
                                "FLEET_HOME", folder.resolve("home").toString(),
                                "FLEET_PORT", Integer.toString(Ports.any())));
    }

    @Test
    void namesTheCommandOrOptionThatDoesNotExist() {
        assertOneLine(
                fleet.run("frobnicate"), FleetException.USAGE, "'frobnicate'", "./fleet --help");
        assertOneLine(fleet.run("submti"), FleetException.USAGE, "did you mean", "submit");
        assertOneLine(
                fleet.run("down", "--wype"), FleetException.USAGE, "'--wype'", "./fleet down");
        assertOneLine(fleet.run("key"), FleetException.USAGE, "create, limit, list");
        assertOneLine(
                fleet.run("key", "create", "x", "--requests-per-minute", "many"),
                FleetException.USAGE,
                "--requests-per-minute",
                "'many' is no number; accepted: a number, or default");
        assertOneLine(
                fleet.run("key", "limit", "x"), FleetException.USAGE, "--requests-per-minute 60");
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());

            assertOneLine(
                    fleet.with(Map.of("FLEET_PORT", port)).run("up"),
                    FleetException.FAILED,
                    "port " + port + " is taken by another program",
                    "FLEET_PORT");
        }
    }

    @Test
    void namesTheSettingThatIsWrong() {
        assertOneLine(
                fleet.with(Map.of("FLEET_PORT", "http")).run("up"),
                FleetException.USAGE,
                "FLEET_PORT is 'http'",
                "1 to 65535");
        assertOneLine(
                fleet.with(Map.of("FLEET_BROKER", "kafka")).run("up"),
                FleetException.USAGE,
                "FLEET_BROKER is 'kafka'",
                "local, docker");
        assertOneLine(
                fleet.with(Map.of("FLEET_POOLS", "A b")).run("topology", "show"),
                FleetException.USAGE,
                "FLEET_POOLS",
                "'A b'");
    }

    @Test
    void namesTheBrokerThatDoesNotAnswer() {
        int port = Ports.any();

        Outcome outcome =
                fleet.with(Map.of("RABBITMQ_URI", "amqp://someone:secret@127.0.0.1:" + port))
                        .run("up");

        assertThat(outcome.exit()).isEqualTo(FleetException.UNREACHABLE);
        assertThat(outcome.lastLine())
                .startsWith(
                        "fleet: the broker at 127.0.0.1:"
                                + port
                                + " (RABBITMQ_URI) does not answer");
        assertThat(outcome.err()).doesNotContain("secret");
    }

    @Test
    void tellsThatTheBrokerRefusesTheUser() {
        String wrong = TestBroker.shared().endpoint().uriOf("nobody", "wrong");

        Outcome outcome = fleet.with(Map.of("RABBITMQ_URI", wrong)).run("topology", "apply");

        assertOneLine(outcome, FleetException.UNREACHABLE, "refuses the user");
    }

    @Test
    void saysWhyABrokerOfItsOwnDoesNotStart() throws Exception {
        assumeTrue(LocalBroker.available(), "there is no rabbitmq-server on this machine");
        Path data = folder.resolve("home/broker/data");
        Files.createDirectories(data.getParent());
        Files.writeString(data, "a file where the node's folder has to be");

        Outcome outcome = fleet.with(Map.of("FLEET_BROKER", "local")).run("up");

        assertThat(outcome.exit()).isEqualTo(FleetException.FAILED);
        assertThat(outcome.lastLine()).startsWith("fleet: ").contains(data.toString());
    }

    @Test
    void namesTheLogOfABrokerThatDiesAtItsStart() throws Exception {
        assumeTrue(LocalBroker.available(), "there is no rabbitmq-server on this machine");
        Path home = folder.resolve("home/broker");
        // A folder where Erlang's cookie has to be.
        Files.createDirectories(home.resolve(".erlang.cookie/in-the-way"));

        Outcome outcome = fleet.with(Map.of("FLEET_BROKER", "local")).run("up");

        assertThat(outcome.exit()).isEqualTo(FleetException.FAILED);
        assertThat(outcome.lastLine())
                .startsWith("fleet: the broker ended at once: Exception during startup: ")
                .endsWith("(log: " + home.resolve("log/node.out") + ")");
    }

    @Test
    void tellsAnUnreadableBrokerUri() {
        assertOneLine(
                fleet.with(Map.of("RABBITMQ_URI", "no broker")).run("up"),
                FleetException.USAGE,
                "amqp:// or amqps://user:password@host:port/vhost");
    }

    @Test
    void sendsNoPasswordsInPlainTextToTheManagementOfAnEncryptedBroker() {
        Map<String, String> mixed =
                Map.of(
                        "RABBITMQ_URI", "amqps://admin:secret@broker.example",
                        "RABBITMQ_MANAGEMENT_URL", "http://broker.example:15672");
        assertOneLine(
                fleet.with(mixed).run("topology", "apply"),
                FleetException.USAGE,
                "RABBITMQ_MANAGEMENT_URL is http://",
                "accepted: https://");
    }

    @Test
    void tellsWhatDiffersBetweenNodesOfTheBroker() {
        String nodes = "amqp://someone:secret@127.0.0.1:1,amqp://another:secret@127.0.0.1:2";

        Outcome outcome = fleet.with(Map.of("RABBITMQ_URI", nodes)).run("topology", "apply");

        assertOneLine(
                outcome,
                FleetException.USAGE,
                "RABBITMQ_URI has another user or password at place 2");
        assertThat(outcome.err()).doesNotContain("secret");
    }

    @Test
    void asksTheNodesOfTheBrokerOneAfterTheOther() {
        BrokerEndpoint broker = TestBroker.shared().newVhost().endpoint();
        String gone = "127.0.0.1:" + Ports.any();
        String uri = broker.amqpUri();
        String url = String.valueOf(broker.managementUrl());

        Outcome outcome =
                fleet.with(
                                Map.of(
                                        "RABBITMQ_URI",
                                        uri.replaceFirst("@[^/]+", "@" + gone) + "," + uri,
                                        "RABBITMQ_MANAGEMENT_URL",
                                        "http://" + gone + "," + url))
                        .run("topology", "apply");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("3 users");
    }

    @Test
    void saysWhatToDoWhereNoFleetRuns() {
        assertOneLine(
                fleet.run("list"), FleetException.UNREACHABLE, "no fleet answers", "./fleet up");
        assertOneLine(
                fleet.run("client", "create", "shop"),
                FleetException.UNREACHABLE,
                "the fleet's broker is not running",
                "./fleet up");
        assertThat(fleet.run("status").exit()).isEqualTo(FleetException.UNREACHABLE);
        assertThat(fleet.run("down").exit()).isZero();
    }

    @Test
    void tellsThatTheUrlIsNoFleet() throws Exception {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("<html>".getBytes(StandardCharsets.UTF_8));
                    exchange.close();
                });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            assertOneLine(
                    fleet.with(Map.of("FLEET_URL", url)).run("list"),
                    FleetException.FAILED,
                    url + " is not a fleet");
        } finally {
            server.stop(0);
        }
        assertOneLine(
                fleet.with(Map.of("FLEET_URL", "nowhere")).run("list"),
                FleetException.USAGE,
                "FLEET_URL is 'nowhere'");
    }

    @Test
    void refusesAClientWhoseUserItCannotMake() {
        TestBroker broker = TestBroker.shared().newVhost();
        FleetCommand onBroker = fleet.with(Map.of("RABBITMQ_URI", broker.amqpUri()));

        assertOneLine(
                onBroker.run("client", "create", "shop"),
                FleetException.USAGE,
                "RABBITMQ_MANAGEMENT_URL");
        assertOneLine(
                onBroker.run("client", "create", "Web Shop"), FleetException.USAGE, "Web Shop");
        assertOneLine(
                onBroker.run("client", "create", "fleet-worker"),
                FleetException.USAGE,
                "the fleet's own");
        assertOneLine(
                onBroker.run("client", "create", "amq"),
                FleetException.USAGE,
                "client 'amq': the name is the fleet's or the broker's own");
        assertOneLine(
                onBroker.with(Map.of("FLEET_CLIENTS", "shop,llm")).run("topology", "apply"),
                FleetException.USAGE,
                "client 'llm'");
    }

    @Test
    void tellsWhatIsWrongWithAnInput() {
        assertOneLine(fleet.run("submit", "chat"), FleetException.USAGE, "give a FILE");
        assertOneLine(
                fleet.run("submit", "chat", "/nowhere.json"),
                FleetException.USAGE,
                "cannot read /nowhere.json");
        assertOneLine(
                fleet.runWithInput("{\"text\": ", "submit", "chat", "-"),
                FleetException.USAGE,
                "the input is no JSON");
    }

    private static void assertOneLine(Outcome outcome, int exit, String... parts) {
        assertThat(outcome.err().lines()).as(outcome.err()).hasSize(1);
        assertThat(outcome.err()).startsWith("fleet: ").contains(parts);
        assertThat(outcome.exit()).as(outcome.err()).isEqualTo(exit);
        assertThat(outcome.out()).isEmpty();
    }
}
