package io.llmfleet.producer.api.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.producer.metrics.ProducerMetrics;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.TaskBody;
import io.llmfleet.wire.WireBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an AMQP client can hand over, as the broker user that it is. */
class AmqpSubmissionsIT {

    private static final String CLIENT = ProducerUnderTest.CLIENT;
    private static final String HELLO = "{\"text\": \"Hello, world!\"}";

    private static final String ANOTHERS =
            "{\"type\": \"chat\", \"input\": {\"text\": \"Hello!\"}}";

    private static ProducerUnderTest producer;
    private static Worker worker;
    private static String key;
    private static Connection connection;
    private static Channel client;

    private double lettersBefore;
    private Set<String> tasksBefore;

    @BeforeAll
    static void start() throws IOException {
        producer = ProducerUnderTest.start();
        worker = new Worker(producer);
        key = producer.newKey(CLIENT, "user");
        connection = ProducerUnderTest.connect(producer.broker().uri(CLIENT));
        client = connection.createChannel();
        client.queueDeclare(CLIENT + ".results", true, false, false, Map.of());
        client.queueBind(CLIENT + ".results", Exchanges.RESULTS, "*.*." + CLIENT + ".main");
    }

    @AfterAll
    static void stop() throws IOException {
        connection.close();
        producer.close();
    }

    @BeforeEach
    void remember() {
        lettersBefore = producer.count(ProducerMetrics.DEAD_LETTERS);
        tasksBefore = tasks().stream().map(AmqpSubmissionsIT::id).collect(Collectors.toSet());
    }

    @Test
    void helloWorldIsATaskAndItsResultComesBack() throws Exception {
        publish("chat.any", properties().replyTo("main").correlationId("c-1").build(), HELLO);
        UUID id = submitted();
        GetResponse message = producer.takeTask(id);
        Envelope task = ProducerUnderTest.envelope(message);
        assertThat(task.type()).isEqualTo("chat");
        assertThat(task.tenant()).isEqualTo(CLIENT);
        assertThat(Json.read(message.getBody(), TaskBody.class).input().get("text").asString())
                .isEqualTo("Hello, world!");
        worker.succeed(task.routed("default", null, "it"), "Hi!");

        GetResponse result = result();

        assertThat(result.getEnvelope().getRoutingKey())
                .isEqualTo("chat.succeeded." + CLIENT + ".main");
        assertThat(result.getProps().getCorrelationId()).isEqualTo("c-1");
        assertThat(result.getProps().getHeaders().get(Headers.TASK_ID)).hasToString(id.toString());
        assertThat(Json.tree(result.getBody()).at("/output/text").asString()).isEqualTo("Hi!");
    }

    /** In both directions a client sees compressed bodies only if it speaks of them. */
    @Test
    void largeBodiesAreCompressedForClientsThatAskForItAlone() throws Exception {
        String text = "A queue keeps messages. ".repeat(200);
        byte[] json = "{\"text\": \"%s\"}".formatted(text).getBytes(UTF_8);
        byte[] small = new BodyEncoder(BodyEncoder.ABOVE).encode(json).bytes();

        publish("chat.any", properties().replyTo("main").build(), json);
        GetResponse plain = answered(text);
        tasksBefore = tasks().stream().map(AmqpSubmissionsIT::id).collect(Collectors.toSet());
        publish(
                "chat.any",
                properties().replyTo("main;zstd").contentEncoding("zstd").build(),
                small);
        GetResponse compressed = answered(text);

        assertThat(plain.getProps().getContentEncoding()).isNull();
        assertThat(Json.tree(plain.getBody()).at("/output/text").asString()).isEqualTo(text);
        assertThat(compressed.getProps().getContentEncoding()).isEqualTo("zstd");
        assertThat(compressed.getEnvelope().getRoutingKey())
                .isEqualTo("chat.succeeded." + CLIENT + ".main");
        assertThat(new WireBody(compressed.getBody(), "zstd").decoded()).isEqualTo(plain.getBody());
    }

    private GetResponse answered(String text) {
        UUID id = submitted();
        GetResponse message = producer.takeTask(id);
        assertThat(message.getProps().getContentEncoding()).isEqualTo("zstd");
        assertThat(Json.read(message.getBody(), TaskBody.class).input().get("text").asString())
                .isEqualTo(text);
        worker.succeed(ProducerUnderTest.envelope(message).routed("default", null, "it"), text);
        return result();
    }

    @Test
    void wholeRequestIsATaskToo() throws Exception {
        publish(
                "chat.any",
                properties().build(),
                """
                {"type": "summarize", "input": {"text": "long"}, "target": "default", "metadata": {"a": "b"}}
                """);

        JsonNode task = task(submitted());

        assertThat(task.get("type").asString()).isEqualTo("summarize");
        assertThat(task.get("target").asString()).isEqualTo("default");
        assertThat(task.at("/metadata/a").asString()).isEqualTo("b");
    }

    @Test
    void failureIsAResultToo() throws Exception {
        publish("chat.any", properties().replyTo("main").build(), HELLO);
        worker.fail(worker.take(submitted()), FailureCode.BACKEND_REFUSED);

        GetResponse result = result();

        assertThat(result.getEnvelope().getRoutingKey())
                .isEqualTo("chat.failed." + CLIENT + ".main");
        assertThat(Json.tree(result.getBody()).at("/failure/code").asString())
                .isEqualTo("BACKEND_REFUSED");
    }

    @Test
    void messageIdIsAcceptedOnce() throws Exception {
        int before = tasks().size();
        for (int i = 0; i < 5; i++) {
            publish("chat.any", properties().messageId("once").build(), HELLO);
        }
        publish("chat.any", properties().messageId("twice").build(), HELLO);

        await().until(() -> tasks().size() == before + 2);
        await().until(() -> producer.depth(Queues.SUBMIT) == 0);
        assertThat(tasks()).hasSize(before + 2);
    }

    @Test
    void whatCannotBeReadIsADeadLetterOnceAndHoldsUpNothing() throws Exception {
        int before = tasks().size();
        publish("chat.any", properties().build(), HELLO);
        publish("chat.any", properties().messageId("empty").build(), "");
        publish("chat.any", properties().messageId("broken").build(), "{\"text\": ");
        publish("no-such-type.any", properties().messageId("type").build(), HELLO);
        publish("chat.gpt\0", properties().messageId("nul").build(), HELLO);
        publish("chat.any", properties().messageId("array").build(), "[1]");
        publish("chat.any", properties().messageId("x".repeat(250)).build(), HELLO);
        // 80 characters, which are more bytes than the key of its result has room for.
        publish(
                "chat.any",
                properties().messageId("long").replyTo("\u20ac".repeat(80)).build(),
                HELLO);
        publish("chat.any", properties().build(), HELLO);

        await().until(() -> tasks().size() == before + 2);
        await().until(() -> newLetters() == 7);
        await().until(() -> producer.depth(Queues.SUBMIT) + producer.depth(Queues.DEAD) == 0);
        JsonNode letter = letters().getFirst();
        assertThat(letter.get("kind").asString()).isEqualTo("MESSAGE");
        assertThat(letter.get("code").asString()).isEqualTo("UNREADABLE");
        assertThat(letter.get("source").asString()).isEqualTo(Queues.SUBMIT);
        assertThat(letters().stream().map(l -> l.get("message").asString()))
                .anyMatch(m -> m.contains("/type unknown type; accepted: "))
                .anyMatch(m -> m.contains("not valid JSON"))
                .anyMatch(m -> m.contains("reply_to") && m.contains("has room for"));
    }

    @Test
    void badMessageWithAForgedDeathIsParkedNotDropped() throws Exception {
        Map<String, Object> forged = new HashMap<>();
        forged.put("x-death", List.of(death(Queues.SUBMIT), death(Queues.DEAD)));
        forged.put("x-first-death-queue", Queues.SUBMIT);
        forged.put("x-first-death-reason", "rejected");
        forged.put("x-delivery-count", 20L);
        publish("chat.any", properties().headers(forged).messageId("forged").build(), "no json");

        await().until(() -> newLetters() == 1);

        assertThat(letters().getFirst().get("source").asString()).isEqualTo(Queues.SUBMIT);
        assertThat(producer.depth(Queues.SUBMIT)).isZero();
    }

    @Test
    void nothingThatAClientSetsSteersItsTask() throws Exception {
        Map<String, Object> headers = new HashMap<>();
        headers.put("CC", List.of("low.chat.any"));
        headers.put("BCC", List.of("high.chat.any"));
        headers.put("x-death", List.of(death(Queues.retry("5s"))));
        headers.put(Headers.TENANT, "someone-else");
        headers.put(Headers.EPOCH, 99);
        headers.put(Headers.TASK_ID, UUID.randomUUID().toString());
        publish(
                "chat.any",
                properties().headers(headers).expiration("60000").priority(9).build(),
                HELLO);

        GetResponse message = producer.takeTask(submitted());

        Envelope task = ProducerUnderTest.envelope(message);
        assertThat(task.tenant()).isEqualTo(CLIENT);
        assertThat(task.epoch()).isEqualTo(1);
        assertThat(message.getProps().getExpiration()).isNull();
        assertThat(message.getProps().getPriority()).isNull();
        assertThat(message.getProps().getHeaders()).doesNotContainKeys("CC", "BCC", "x-death");
        assertThat(producer.depth(Queues.ingress(Priority.LOW))).isZero();
        assertThat(producer.depth(Queues.ingress(Priority.HIGH))).isZero();
    }

    /** Its own exchange may be bound to its submit exchange, and have any name after its own. */
    @Test
    void exchangeOfAClientsOwnMakesItNobodyElse() throws Exception {
        int before = items(ProducerUnderTest.ADMIN, "/api/v1/tasks?limit=500").size();
        String padding = "-".repeat(Exchanges.SUBMIT_PREFIX.length() - CLIENT.length() - 1);
        String own = CLIENT + "." + padding + "default";
        client.exchangeDeclare(own, "topic", true);
        client.exchangeBind(Exchanges.submit(CLIENT), own, "#");
        client.basicPublish(own, "chat.any", properties().build(), HELLO.getBytes(UTF_8));

        await().until(() -> newLetters() == 1);

        assertThat(items(ProducerUnderTest.ADMIN, "/api/v1/tasks?limit=500")).hasSize(before);
        assertThat(letters())
                .noneMatch(l -> l.get("message").asString().contains("submit exchange"));
        assertThat(items(ProducerUnderTest.ADMIN, "/api/v1/dead-letters?limit=500"))
                .anyMatch(l -> l.get("message").asString().contains("submit exchange"));
        client.exchangeDelete(own);
    }

    @Test
    void deathOfAClientsMessageEndsNobodysTask() throws Exception {
        UUID anothers = producer.submit(ANOTHERS);
        Map<String, Object> headers = new HashMap<>();
        headers.put("x-death", List.of(death(Queues.SUBMIT), death(Queues.ingress(Priority.HIGH))));
        headers.put("x-first-death-queue", Queues.ingress(Priority.HIGH));
        headers.put(Headers.TASK_ID, anothers.toString());
        headers.put(Headers.EPOCH, 1);
        headers.put(Headers.TENANT, CLIENT);
        producer.publish(Exchanges.DEAD, "chat.any", headers, HELLO.getBytes(UTF_8));

        await().until(() -> newLetters() == 1);

        assertThat(state(anothers)).isNotEqualTo("FAILED");
        assertThat(letters()).noneMatch(l -> l.toString().contains(anothers.toString()));
        worker.succeed(worker.take(anothers), "Hi!");
        await().until(() -> state(anothers).equals("SUCCEEDED"));
    }

    @Test
    void javaObjectsAndBombsAreNeverOpened() throws Exception {
        publish(
                "chat.any",
                properties()
                        .contentType("application/x-java-serialized-object")
                        .headers(Map.of("__TypeId__", "java.util.Date"))
                        .build(),
                serialized(new Date(0)));
        publish(
                "chat.any",
                properties().contentType("application/json").contentEncoding("gzip").build(),
                bomb());

        publish(
                "chat.any",
                properties().contentEncoding("zstd").build(),
                new BodyEncoder(0).encode(new byte[100_000_000]).bytes());

        await().until(() -> newLetters() == 3);

        assertThat(letters().stream().limit(3).map(l -> l.get("size").asInt()))
                .allMatch(size -> size < 1_000_000);
        assertThat(letters().stream().limit(3).map(l -> l.get("message").asString()))
                .allMatch(m -> m.contains("not valid JSON") || m.contains("when it is inflated"));
    }

    @Test
    void letterIsForItsClientAloneAndCannotBeReplayed() throws Exception {
        publish("chat.any", properties().messageId("for-a-person").build(), "no json either");
        await().until(() -> newLetters() == 1);
        String id = letters().getFirst().get("id").asString();
        String other = producer.newKey("someone-else", "user");
        String path = "/api/v1/dead-letters/" + id;

        assertThat(producer.request(other, "GET", path, null, Map.of()).status()).isEqualTo(404);
        Answer replay = producer.request(key, "POST", path + "/replay", null, Map.of());

        assertThat(replay.status()).isEqualTo(409);
        assertThat(replay).matches(a -> a.blames("id", "accepted: discard"));
    }

    private static AMQP.BasicProperties.Builder properties() {
        return new AMQP.BasicProperties.Builder();
    }

    private static Map<String, Object> death(String queue) {
        return Map.of(
                "queue",
                queue,
                "reason",
                "rejected",
                "count",
                5L,
                "exchange",
                "llm.dead",
                "routing-keys",
                List.of("chat.any"),
                "time",
                new Date());
    }

    private static byte[] serialized(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    /** 500 MB of blanks in half a megabyte. */
    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] blanks = " ".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 500; i++) {
                out.write(blanks);
            }
        }
        return bytes.toByteArray();
    }

    private static void publish(String routingKey, AMQP.BasicProperties properties, String body)
            throws IOException {
        publish(routingKey, properties, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void publish(String routingKey, AMQP.BasicProperties properties, byte[] body)
            throws IOException {
        client.basicPublish(Exchanges.submit(CLIENT), routingKey, properties, body);
    }

    private double newLetters() {
        return producer.count(ProducerMetrics.DEAD_LETTERS) - lettersBefore;
    }

    /** The task that the test has submitted. */
    private UUID submitted() {
        return UUID.fromString(await().until(this::firstNew, Optional::isPresent).orElseThrow());
    }

    private Optional<String> firstNew() {
        return tasks().stream()
                .map(AmqpSubmissionsIT::id)
                .filter(id -> !tasksBefore.contains(id))
                .findFirst();
    }

    private static String id(JsonNode task) {
        return task.get("id").asString();
    }

    private static List<JsonNode> tasks() {
        return items("/api/v1/tasks?limit=500");
    }

    private static List<JsonNode> letters() {
        return items("/api/v1/dead-letters?limit=500");
    }

    private static List<JsonNode> items(String path) {
        return items(key, path);
    }

    private static List<JsonNode> items(String key, String path) {
        return producer.request(key, "GET", path, null, Map.of())
                .json()
                .get("items")
                .valueStream()
                .toList();
    }

    private static String state(UUID id) {
        return producer.get("/api/v1/tasks/" + id).json().get("state").asString();
    }

    private static JsonNode task(UUID id) {
        return producer.request(key, "GET", "/api/v1/tasks/" + id, null, Map.of()).json();
    }

    private static GetResponse result() {
        List<GetResponse> results = new ArrayList<>();
        await().until(
                        () -> {
                            GetResponse result = client.basicGet(CLIENT + ".results", true);
                            if (result != null) {
                                results.add(result);
                            }
                            return !results.isEmpty();
                        });
        return results.getFirst();
    }
}
