package io.llmfleet.producer.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.Headers;
import com.openai.errors.InvalidWebhookSignatureException;
import com.openai.models.webhooks.UnwrapWebhookEvent;
import com.openai.models.webhooks.WebhookVerificationParams;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Webhooks to a real receiver. */
class WebhookIT {

    private static final String ALLOWED = "--fleet.webhook.allowed-hosts=localhost";
    private static final String QUICKLY = "--fleet.webhook.retries=100ms,100ms,100ms";

    private static ProducerUnderTest producer;
    private static Worker worker;

    /** What a receiver got. */
    private record Received(String path, Map<String, List<String>> headers, String body) {

        JsonNode json() {
            return Json.tree(body.getBytes(StandardCharsets.UTF_8));
        }

        String header(String name) {
            return headers.entrySet().stream()
                    .filter(h -> h.getKey().equalsIgnoreCase(name))
                    .map(h -> h.getValue().getFirst())
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A server that answers its n-th request with the status that it is told. */
    private static final class Receiver implements AutoCloseable {

        private final HttpServer server;
        private final List<Received> received = new CopyOnWriteArrayList<>();
        private final AtomicInteger inFlight = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final Semaphore mayAnswer = new Semaphore(0);
        private final IntUnaryOperator status;
        private final boolean holds;

        Receiver(boolean holds, IntUnaryOperator status) throws IOException {
            this.status = status;
            this.holds = holds;
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::handle);
            server.start();
        }

        private void handle(HttpExchange exchange) throws IOException {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(
                    new Received(
                            exchange.getRequestURI().getPath(),
                            Map.copyOf(exchange.getRequestHeaders()),
                            body));
            int number = received.size();
            if (holds) {
                mayAnswer.acquireUninterruptibly();
            }
            inFlight.decrementAndGet();
            exchange.getResponseHeaders().set("Location", url("localhost", "/elsewhere"));
            exchange.sendResponseHeaders(status.applyAsInt(number), -1);
            exchange.close();
        }

        String url(String host, String path) {
            return "http://" + host + ":" + server.getAddress().getPort() + path;
        }

        @Override
        public void close() {
            mayAnswer.release(10_000);
            server.stop(0);
        }
    }

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.start(ALLOWED, QUICKLY);
        worker = new Worker(producer);
    }

    @AfterAll
    static void stop() {
        producer.close();
    }

    @Test
    void tellsHowATaskEndedAndTheOfficialClientTakesTheSignature() throws IOException {
        try (Receiver receiver = new Receiver(false, n -> 204)) {
            UUID task = submit(receiver.url("localhost", "/hook"));
            worker.succeed(worker.take(task), "a secret answer");

            await().until(() -> receiver.received.size() == 1);
            Received got = receiver.received.getFirst();
            assertThat(got.json().path("type").asString()).isEqualTo("task.succeeded");
            assertThat(got.json().at("/data/id").asString()).isEqualTo(task.toString());
            assertThat(got.body()).doesNotContain("secret answer");
            assertThat(got.header("webhook-id")).isEqualTo(delivery(task).path("id").asString());
            assertThatCode(() -> verify(got, got.body(), secret())).doesNotThrowAnyException();
            assertThatThrownBy(() -> verify(got, got.body() + " ", secret()))
                    .isInstanceOf(InvalidWebhookSignatureException.class);
            await().until(() -> delivery(task).path("state").asString().equals("DELIVERED"));
        }
    }

    @Test
    void afterARotationBothSecretsSign() throws IOException {
        try (Receiver receiver = new Receiver(false, n -> 200)) {
            String before = secret();
            String after =
                    producer.post("/api/v1/webhooks/secret", "{}").json().path("secret").asString();
            assertThat(after).isNotEqualTo(before).startsWith("whsec_");
            UUID task = submit(receiver.url("localhost", "/hook"));
            worker.fail(worker.take(task), FailureCode.BACKEND_REFUSED);

            await().until(() -> receiver.received.size() == 1);
            Received got = receiver.received.getFirst();
            assertThat(got.json().path("type").asString()).isEqualTo("task.failed");
            assertThat(got.json().at("/data/code").asString()).isEqualTo("BACKEND_REFUSED");
            assertThatCode(() -> verify(got, got.body(), before)).doesNotThrowAnyException();
            assertThatCode(() -> verify(got, got.body(), after)).doesNotThrowAnyException();
        }
    }

    @Test
    void isTriedAgainUntilItIsTaken() throws IOException {
        try (Receiver receiver = new Receiver(false, n -> n < 3 ? 503 : 200)) {
            UUID task = submit(receiver.url("localhost", "/hook"));
            producer.post("/api/v1/tasks/" + task + "/cancel", "");

            await().until(() -> delivery(task).path("state").asString().equals("DELIVERED"));
            JsonNode delivery = delivery(task);
            assertThat(delivery.path("type").asString()).isEqualTo("task.cancelled");
            assertThat(delivery.path("history").valueStream().map(t -> t.path("status").asInt()))
                    .containsExactly(503, 503, 200);
            assertThat(receiver.received.stream().map(r -> r.header("webhook-id")).distinct())
                    .hasSize(1);
        }
    }

    @Test
    void isGivenUpInTheEndAndSentAgainWhenSomeoneAsks() throws IOException {
        AtomicInteger answer = new AtomicInteger(500);
        try (Receiver receiver = new Receiver(false, n -> answer.get())) {
            UUID task = submit(receiver.url("localhost", "/hook"));
            worker.succeed(worker.take(task), "x");
            await().until(() -> delivery(task).path("state").asString().equals("FAILED"));
            assertThat(receiver.received).hasSize(4);

            answer.set(200);
            String id = delivery(task).path("id").asString();
            assertThat(producer.post("/api/v1/webhooks/deliveries/" + id + "/resend", "").status())
                    .isEqualTo(200);

            await().until(() -> delivery(task).path("state").asString().equals("DELIVERED"));
            assertThat(receiver.received).hasSize(5);
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws IOException {
        try (Receiver receiver = new Receiver(false, n -> 307)) {
            UUID task = submit(receiver.url("localhost", "/hook"));
            worker.succeed(worker.take(task), "x");

            await().until(() -> delivery(task).path("state").asString().equals("FAILED"));
            assertThat(receiver.received).extracting(Received::path).containsOnly("/hook");
        }
    }

    @Test
    void noConnectionIsMadeToAPrivateAddress() throws IOException {
        try (Receiver receiver = new Receiver(false, n -> 200)) {
            for (String host : List.of("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433")) {
                UUID task = submit(receiver.url(host, "/hook"));
                worker.succeed(worker.take(task), "x");

                await().until(() -> delivery(task).path("state").asString().equals("FAILED"));
                assertThat(delivery(task).at("/history/0/error").asString())
                        .contains("where no webhook is sent");
            }
            for (String host : List.of("127.1", "0x7f.1", "user@localhost")) {
                assertThat(ask(receiver.url(host, "/hook")))
                        .as(host)
                        .matches(a -> a.status() == 400 && a.blames("/webhook", "http"));
            }
            assertThat(receiver.received).isEmpty();
        }
    }

    @Test
    void anEndpointHasAtMostEightInFlightOverAllReplicasAndHoldsUpNobody() throws IOException {
        try (ProducerUnderTest other = producer.replica(ALLOWED, QUICKLY);
                Receiver slow = new Receiver(true, n -> 200);
                Receiver quick = new Receiver(false, n -> 200)) {
            List<UUID> tasks =
                    IntStream.range(0, 30)
                            .mapToObj(i -> submit(slow.url("localhost", "/slow")))
                            .toList();
            List<Envelope> taken = tasks.stream().map(worker::take).toList();
            taken.forEach(t -> worker.succeed(t, "x"));
            await().until(() -> slow.received.size() == 8);
            UUID free = submit(quick.url("localhost", "/quick"));
            worker.succeed(worker.take(free), "x");

            await().until(() -> quick.received.size() == 1);
            assertThat(slow.received).hasSize(8);
            slow.mayAnswer.release(30);
            await().until(() -> slow.received.size() == 30);
            assertThat(slow.most.get()).isLessThanOrEqualTo(8);
            assertThat(other.get("/api/v1/webhooks/secret").json().path("secret").asString())
                    .isEqualTo(secret());
        }
    }

    @Test
    void otherTenantsSeeNothingOfIt() throws IOException {
        try (Receiver receiver = new Receiver(false, n -> 200)) {
            UUID task = submit(receiver.url("localhost", "/hook"));
            worker.succeed(worker.take(task), "x");
            await().until(() -> !delivery(task).isMissingNode());
            String id = delivery(task).path("id").asString();
            String stranger = producer.newKey("stranger", "user");

            Answer answer =
                    producer.request(
                            stranger, "GET", "/api/v1/webhooks/deliveries/" + id, null, Map.of());

            assertThat(answer.status()).isEqualTo(404);
            assertThat(
                            producer.request(
                                            ProducerUnderTest.ADMIN,
                                            "DELETE",
                                            "/api/v1/tasks/" + task,
                                            null,
                                            Map.of())
                                    .status())
                    .isEqualTo(204);
            assertThat(delivery(task).isMissingNode()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stop,   response.completed",
        "length, response.incomplete",
        "failed, response.failed",
        "cancel, response.cancelled",
    })
    void tellsHowAResponseEndedAndTheOfficialClientReadsTheEvent(String how, String type)
            throws IOException {
        try (Receiver receiver = new Receiver(false, n -> 204)) {
            String asked =
                    "{\"model\":\"model-it\",\"input\":\"x\",\"background\":true,\"webhook\":\""
                            + receiver.url("localhost", "/hook")
                            + "\"}";
            String id = producer.post("/v1/responses", asked).json().path("id").asString();
            Envelope task = worker.take(UUID.fromString(id.substring("resp_".length())));
            switch (how) {
                case "failed" -> worker.fail(task, FailureCode.UNSUPPORTED);
                case "cancel" -> producer.post("/v1/responses/" + id + "/cancel", "");
                default -> worker.succeed(task, 0, Worker.completion("a secret answer", how));
            }

            await().until(() -> receiver.received.size() == 1);
            Received got = receiver.received.getFirst();
            assertThat(got.body()).doesNotContain("secret");
            assertThat(got.json().path("type").asString()).isEqualTo(type);
            assertThat(got.json().path("id").asString())
                    .isEqualTo("evt_" + got.header("webhook-id"));
            UnwrapWebhookEvent event = unwrap(got);
            assertThat(
                            switch (how) {
                                case "stop" -> event.asResponseCompleted().validate().data().id();
                                case "length" ->
                                        event.asResponseIncomplete().validate().data().id();
                                case "failed" -> event.asResponseFailed().validate().data().id();
                                default -> event.asResponseCancelled().validate().data().id();
                            })
                    .isEqualTo(id);
        }
    }

    private static UUID submit(String webhook) {
        return UUID.fromString(ask(webhook).json().get("id").asString());
    }

    private static Answer ask(String webhook) {
        return producer.post(
                "/api/v1/tasks",
                "{\"type\":\"chat\",\"input\":{\"text\":\"x\"},\"webhook\":\"" + webhook + "\"}");
    }

    private static JsonNode delivery(UUID task) {
        return producer.get("/api/v1/webhooks/deliveries?task=" + task).json().at("/items/0");
    }

    private static String secret() {
        return producer.get("/api/v1/webhooks/secret").json().path("secret").asString();
    }

    private static void verify(Received got, String body, String secret) {
        OpenAIClient client = OpenAIOkHttpClient.builder().apiKey("none").build();
        try {
            client.webhooks().verifySignature(signed(got, body, secret));
        } finally {
            client.close();
        }
    }

    private static UnwrapWebhookEvent unwrap(Received got) {
        OpenAIClient client = OpenAIOkHttpClient.builder().apiKey("none").build();
        try {
            return client.webhooks().unwrap(signed(got, got.body(), secret()));
        } finally {
            client.close();
        }
    }

    private static WebhookVerificationParams signed(Received got, String body, String secret) {
        return WebhookVerificationParams.builder()
                .payload(body)
                .headers(
                        Headers.builder()
                                .put("webhook-id", got.header("webhook-id"))
                                .put("webhook-timestamp", got.header("webhook-timestamp"))
                                .put("webhook-signature", got.header("webhook-signature"))
                                .build())
                .secret(secret)
                .build();
    }
}
