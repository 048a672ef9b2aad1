package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.SaslMechanism;
import com.rabbitmq.client.impl.LongStringHelper;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.FleetSettings;
import io.llmfleet.cli.local.LocalFleet;
import io.llmfleet.cli.local.ManagementApi;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.cli.local.Service;
import io.llmfleet.cli.local.ServiceProcess;
import io.llmfleet.testing.TlsBroker;
import io.llmfleet.wire.BrokerTrust;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** A whole fleet on a broker that speaks TLS only, and those whom such a broker keeps out. */
class EncryptedFleetIT {

    private static final String ELSEWHERE = "127.0.0.1";

    @TempDir static Path folder;
    private static TlsBroker broker;
    private static BrokerTrust stranger;
    private static RunningFleet fleet;

    @BeforeAll
    static void up() throws Exception {
        broker = TlsBroker.start(folder.resolve("broker"));
        Path other = TlsBroker.makeCertificates(folder.resolve("other"), "rabbitmq=localhost");
        stranger = BrokerTrust.read(other.resolve("ca.pem").toString());
        fleet = RunningFleet.startOn(folder, settings());
    }

    @AfterAll
    static void down() throws Exception {
        if (fleet != null) {
            fleet.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static Map<String, String> settings() {
        return Map.of(
                "RABBITMQ_URI",
                broker.endpoint().amqpUri(),
                "RABBITMQ_MANAGEMENT_URL",
                String.valueOf(broker.endpoint().managementUrl()),
                BrokerTrust.VARIABLE,
                broker.authority().toString());
    }

    @Test
    void answersWhileEveryConnectionIsEncrypted() {
        JsonNode task =
                Json.tree(
                        """
                        {"type": "chat", "input": {"text": "A queue keeps messages. What does it keep?"}, "parameters": {"stream": true}}
                        """
                                .getBytes(StandardCharsets.UTF_8));

        String id = fleet.api().submit(task).path("id").asString();

        await().until(
                        () ->
                                fleet.api()
                                        .get("/tasks/" + id)
                                        .path("state")
                                        .asString()
                                        .equals("SUCCEEDED"));
        // One for publishing and one for consuming, of each service.
        List<JsonNode> connections =
                await().until(EncryptedFleetIT::connections, all -> all.size() >= 6);
        assertThat(connections).allSatisfy(c -> assertThat(c.path("ssl").asBoolean()).isTrue());
        assertThat(connections)
                .extracting(c -> c.path("user").asString())
                .contains("fleet-producer", "fleet-router", "fleet-worker");
    }

    private static List<JsonNode> connections() {
        String all = new ManagementApi(broker.endpoint()).get("/api/connections");
        return Json.tree(all.getBytes(StandardCharsets.UTF_8)).valueStream().toList();
    }

    @Test
    void answersAnAmqpClientThatTrustsTheAuthority() throws Exception {
        String uri = fleet.fleet().createClient("shop");
        assertThat(uri).startsWith("amqps://shop:");
        var client = new BrokerEndpoint(uri, null, broker.endpoint().trust());
        try (Connection connection = client.factory().newConnection("shop");
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("shop.answers", false, true, true, null);
            channel.queueBind("shop.answers", "llm.results", "*.*.shop.main");
            var properties =
                    new AMQP.BasicProperties.Builder().messageId("m1").replyTo("main").build();
            byte[] body =
                    "{\"text\": \"A queue keeps messages.\"}".getBytes(StandardCharsets.UTF_8);
            channel.basicPublish("llm.submit.shop", "summarize.any", properties, body);

            GetResponse answer =
                    await().until(() -> channel.basicGet("shop.answers", true), r -> r != null);

            assertThat(answer.getEnvelope().getRoutingKey())
                    .startsWith("summarize.succeeded.shop.");
        }
    }

    static Stream<Arguments> keptOut() {
        String uri = broker.endpoint().amqpUri();
        BrokerTrust trust = broker.endpoint().trust();
        return Stream.of(
                Arguments.of(
                        "guest",
                        uri.replaceFirst("//[^@]+@", "//guest:guest@"),
                        trust,
                        "ACCESS_REFUSED"),
                Arguments.of("plain text", uri.replace("amqps:", "amqp:"), BrokerTrust.OF_JDK, ""),
                Arguments.of(
                        "another host name than the certificate's",
                        uri.replace("localhost", ELSEWHERE),
                        trust,
                        ELSEWHERE),
                Arguments.of("an authority that nobody trusts", uri, BrokerTrust.OF_JDK, "PKIX"),
                Arguments.of("another authority of the same name", uri, stranger, "PKIX"));
    }

    @ParameterizedTest(name = "no connection: {0}")
    @MethodSource("keptOut")
    void makesNoConnection(String why, String uri, BrokerTrust trust, String message) {
        var endpoint = new BrokerEndpoint(uri, null, trust);
        assertThatThrownBy(() -> endpoint.factory().newConnection().close())
                .satisfies(e -> assertThat(chain(e)).contains(message));
    }

    /** RabbitMQ 4 has it where nothing else is said. */
    @Test
    void letsNobodyInWithoutAName() throws Exception {
        ConnectionFactory factory = broker.endpoint().factory();
        factory.setSaslConfig(mechanisms -> new Anonymous());
        assertThatThrownBy(() -> factory.newConnection().close())
                .isInstanceOf(PossibleAuthenticationFailureException.class);
    }

    static Stream<Arguments> refusedSettings() {
        String uri = broker.endpoint().amqpUri();
        String url = String.valueOf(broker.endpoint().managementUrl());
        String strange = folder.resolve("other/ca.pem").toString();
        return Stream.of(
                Arguments.of(
                        Map.of(BrokerTrust.VARIABLE, ""),
                        "no trusted authority signed its certificate"),
                Arguments.of(
                        Map.of(BrokerTrust.VARIABLE, strange),
                        "no trusted authority signed its certificate"),
                Arguments.of(
                        Map.of(BrokerTrust.VARIABLE, folder.resolve("none.pem").toString()),
                        "there is no such file"),
                Arguments.of(
                        Map.of("RABBITMQ_URI", uri.replace("localhost", ELSEWHERE)),
                        "its certificate is not for this host"),
                Arguments.of(
                        Map.of("RABBITMQ_MANAGEMENT_URL", url.replace("localhost", ELSEWHERE)),
                        "its certificate is not for this host"),
                Arguments.of(
                        Map.of("RABBITMQ_URI", uri.replace("amqps:", "amqp:")),
                        "RABBITMQ_URI is amqp://, which is not encrypted"));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("refusedSettings")
    void saysWhyTheTopologyIsNotApplied(Map<String, String> changed, String message) {
        Map<String, String> all = new HashMap<>(settings());
        all.putAll(changed);
        var another =
                new LocalFleet(
                        fleet.fleet().home(), FleetSettings.ofProcess().with(all), line -> {});
        assertThatThrownBy(another::applyTopology)
                .isInstanceOf(FleetException.class)
                .hasMessageContaining(message);
    }

    @Test
    void serviceDoesNotStartOnAHostOfAnotherName() {
        Map<String, String> environment =
                new HashMap<>(fleet.fleet().prepare(false).of(Service.ROUTER));
        environment.computeIfPresent(
                "FLEET_BROKER_URI", (name, uri) -> uri.replace("localhost", ELSEWHERE));
        ServiceProcess second = fleet.fleet().home().service(Service.ROUTER, 2);
        second.start(environment, Ports.any());
        try {
            assertThatThrownBy(() -> second.awaitReady(Duration.ofMinutes(1)))
                    .hasMessageContaining("its certificate is not for this host");
        } finally {
            second.kill();
        }
    }

    private static String chain(Throwable e) {
        List<String> all = new ArrayList<>();
        for (Throwable t = e; t != null; t = t.getCause()) {
            all.add(t.toString());
        }
        return String.join(" / ", all);
    }

    /** Says no name. */
    private static final class Anonymous implements SaslMechanism {

        @Override
        public String getName() {
            return "ANONYMOUS";
        }

        @Override
        public LongString handleChallenge(LongString challenge, String username, String password) {
            return LongStringHelper.asLongString("");
        }
    }
}
