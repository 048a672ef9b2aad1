package io.llmfleet.producer.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A request that comes again with its key is done once. */
class IdempotencyIT {

    private static final String TASKS = "/api/v1/tasks";
    private static final String KEYS = "/api/v1/keys";
    private static final String SECRET = "/api/v1/webhooks/secret";
    private static final String BULK = "/api/v1/tasks/bulk";
    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"x\"}}";
    private static final String OTHER = TASK.replace("\"x\"", "\"y\"");

    private static ProducerUnderTest producer;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.shared();
    }

    @Test
    void fiftyEqualRequestsAtOnceAreOneTask() {
        String key = key();

        List<CompletableFuture<Answer>> answers =
                IntStream.range(0, 50)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> post(producer, TASKS, TASK, key),
                                                Thread::startVirtualThread))
                        .toList();

        assertThat(answers.stream().map(a -> a.join().json().path("id").asString()).distinct())
                .hasSize(1);
        assertThat(answers).allMatch(a -> a.join().status() == 202);
        assertThat(answers.stream().filter(a -> replayed(a.join()))).hasSize(49);
    }

    @Test
    void anotherReplicaJoinsAndWaitsForTheSameAnswer() {
        String key = key();
        UUID task = UUID.fromString(post(producer, TASKS, TASK, key).json().path("id").asString());
        Worker worker = new Worker(producer);
        worker.succeed(worker.take(task), "done");

        try (ProducerUnderTest other = producer.replica()) {
            Answer answer = post(other, TASKS, TASK, key, "Prefer", "wait=30");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("id").asString()).isEqualTo(task.toString());
            assertThat(answer.json().at("/result/output/text").asString()).isEqualTo("done");
        }
    }

    @Test
    void anotherRequestWithTheKeyIsRefused() {
        String key = key();
        post(producer, TASKS, TASK, key);

        Answer answer = post(producer, TASKS, OTHER, key);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.blames("Idempotency-Key", "accepted")).isTrue();
    }

    @Test
    void anotherTenantsKeyIsAnotherKey() {
        String key = key();
        String stranger = producer.newKey("stranger", "user");
        String mine = post(producer, TASKS, TASK, key).json().path("id").asString();

        Answer theirs =
                producer.request(
                        stranger,
                        "POST",
                        TASKS,
                        TASK.getBytes(StandardCharsets.UTF_8),
                        Map.of("Idempotency-Key", key));

        assertThat(theirs.status()).isEqualTo(202);
        assertThat(theirs.json().path("id").asString()).isNotEqualTo(mine);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "two words", "\"\""})
    void whatIsNoKeyIsRefused(String key) {
        Answer answer = post(producer, TASKS, TASK, key);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.blames("Idempotency-Key", "accepted")).isTrue();
    }

    @Test
    void aBulkRequestThatComesAgainGoesOnWhereTheFirstBrokeOff() {
        String key = key();
        String first = TASK + "\n" + TASK + "\n";
        List<JsonNode> before = post(producer, BULK, first, key).lines();

        Answer again = post(producer, BULK, first + TASK + "\n", key);

        List<JsonNode> after = again.lines();
        assertThat(replayed(again)).isTrue();
        assertThat(after.subList(0, 3)).isEqualTo(before);
        assertThat(after).hasSize(4);
        String batch = after.getFirst().path("batch").asString();
        assertThat(producer.get("/api/v1/batches/" + batch).json().path("total").asInt())
                .isEqualTo(3);
    }

    @Test
    void anotherLineWithTheKeyIsRefusedAlone() {
        String key = key();
        post(producer, BULK, TASK + "\n" + TASK + "\n", key);

        List<JsonNode> again = post(producer, BULK, TASK + "\n" + OTHER + "\n", key).lines();

        assertThat(again.get(1).has("id")).isTrue();
        assertThat(again.get(2).at("/error/errors/0/field").asString())
                .isEqualTo("Idempotency-Key");
    }

    @Test
    void fiftyEqualRequestsForAKeyMakeOneWhoseSecretIsShownOnce() {
        String key = key();
        String name = "once-" + key;
        String body = "{\"name\":\"" + name + "\"}";

        List<CompletableFuture<Answer>> answers =
                IntStream.range(0, 50)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> post(producer, KEYS, body, key),
                                                Thread::startVirtualThread))
                        .toList();

        assertThat(answers).allMatch(a -> a.join().status() == 201);
        assertThat(answers.stream().map(a -> a.join().json().path("id").asString()).distinct())
                .hasSize(1);
        assertThat(answers.stream().filter(a -> a.join().json().has("key"))).hasSize(1);
        assertThat(answers.stream().filter(a -> replayed(a.join()))).hasSize(49);
        assertThat(producer.get(KEYS).json().findValuesAsString("name"))
                .filteredOn(name::equals)
                .hasSize(1);
        Answer another = post(producer, KEYS, body.replace("once", "twice"), key);
        assertThat(another.status()).isEqualTo(422);
        assertThat(another.blames("Idempotency-Key", "accepted")).isTrue();
    }

    @Test
    void secretIsRotatedOnceSoThatTheOneBeforeStillSigns() {
        String key = key();
        String before = producer.get(SECRET).json().path("secret").asString();

        String first = post(producer, SECRET, "", key).json().path("secret").asString();
        Answer again = post(producer, SECRET, "", key);

        assertThat(first).isNotEqualTo(before);
        assertThat(again.json().path("secret").asString()).isEqualTo(first);
        assertThat(replayed(again)).isTrue();
        assertThat(post(producer, SECRET, "", key()).json().path("secret").asString())
                .isNotEqualTo(first);
    }

    @Test
    void aDeadLetterIsReplayedOnceAndWhoAsksAgainHearsSo() {
        Worker worker = new Worker(producer);
        UUID task = producer.submit(TASK);
        worker.fail(worker.take(task), FailureCode.BACKEND_REFUSED);
        String letter = await().until(() -> letterOf(task), l -> !l.isEmpty());
        String path = "/api/v1/dead-letters/" + letter;
        String key = key();

        Answer first = post(producer, path + "/replay", "", key);
        Answer again = post(producer, path + "/replay", "", key);

        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(202);
        assertThat(replayed(again)).isTrue();
        assertThat(again.json()).isEqualTo(first.json());
        Answer discarded = post(producer, path + "/discard", "{\"reason\":\"x\"}", key());
        assertThat(discarded.status()).isEqualTo(409);
        assertThat(worker.take(task).epoch()).isEqualTo(2);
    }

    @Test
    void whatWasRefusedWasNotDone() {
        String key = key();
        String path = "/api/v1/dead-letters/" + UUID.randomUUID() + "/replay";

        assertThat(post(producer, path, "", key).status()).isEqualTo(404);
        Answer again = post(producer, path, "", key);

        assertThat(again.status()).isEqualTo(404);
        assertThat(replayed(again)).isFalse();
    }

    private static String letterOf(UUID task) {
        return producer.get("/api/v1/dead-letters?limit=500")
                .json()
                .path("items")
                .valueStream()
                .filter(l -> l.path("taskId").asString("").equals(task.toString()))
                .map(l -> l.path("id").asString())
                .findFirst()
                .orElse("");
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }

    private static boolean replayed(Answer answer) {
        return "true".equals(answer.header("Idempotency-Replayed"));
    }

    private static Answer post(
            ProducerUnderTest to, String path, String body, String key, String... more) {
        Map<String, String> headers = new HashMap<>(Map.of("Idempotency-Key", key));
        if (path.equals(BULK)) {
            headers.put("Content-Type", "application/x-ndjson");
        }
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return to.request(
                ProducerUnderTest.ADMIN,
                "POST",
                path,
                body.getBytes(StandardCharsets.UTF_8),
                headers);
    }
}
