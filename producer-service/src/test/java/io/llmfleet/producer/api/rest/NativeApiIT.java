package io.llmfleet.producer.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Ids;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.TaskBody;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The native API as its callers see it; this class plays the router and the workers. */
class NativeApiIT {

    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"hello\"}}";

    private static ProducerUnderTest producer;
    private static Worker worker;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.shared();
        worker = new Worker(producer);
    }

    @Test
    void whatASubmissionMayGetIsDescribed() {
        JsonNode paths = producer.get("/v3/api-docs").json().path("paths");

        assertThat(paths.path("/api/v1/tasks").at("/post/responses").propertyNames())
                .contains("200", "202", "400", "401", "409", "413", "415", "422", "429", "503");
        assertThat(paths.path("/api/v1/runs/{id}/resume").at("/post/responses").propertyNames())
                .contains("202", "404", "409", "422");
    }

    @Test
    void whatAListMayBeAskedForIsDescribed() {
        JsonNode paths = producer.get("/v3/api-docs").json().path("paths");

        assertThat(parameters(paths, "/api/v1/runs"))
                .containsExactlyInAnyOrder("pipeline", "state", "after", "limit");
        assertThat(parameters(paths, "/api/v1/dead-letters"))
                .contains("code", "tenant", "after", "limit");
        assertThat(parameters(paths, "/api/v1/tasks")).contains("state", "after", "limit");
    }

    @Test
    void everyOperationSaysWhatItAnswersAndHowItRefuses() {
        JsonNode paths = producer.get("/v3/api-docs").json().path("paths");

        for (var path : paths.properties()) {
            for (var operation : path.getValue().properties()) {
                assertThat(operation.getValue().path("responses").propertyNames())
                        .as(operation.getKey() + " " + path.getKey())
                        .anyMatch(status -> status.startsWith("2"))
                        .contains("401", "429", "503");
                assertThat(operation.getValue().path("summary").asString("")).isNotEmpty();
            }
        }
    }

    @Test
    void whatMayBeAnyJsonIsDescribedAsSuch() {
        JsonNode schemas = producer.get("/v3/api-docs").json().at("/components/schemas");

        for (String property :
                List.of(
                        "/TaskRequest/properties/input",
                        "/TaskRequest/properties/parameters",
                        "/TaskRequest/properties/delegation",
                        "/Result/properties/output",
                        "/Pipeline/properties/definition")) {
            assertThat(schemas.at(property).path("type").asString("")).isEqualTo("object");
        }
        assertThat(schemas.at("/Run/properties/output")).isEmpty();
        assertThat(schemas.at("/UsageReport/properties").has("items")).isTrue();
        assertThat(schemas.at("/RouteExplanation/properties").has("candidates")).isTrue();
        assertThat(schemas.at("/Problem/properties").has("code")).isTrue();
        assertThat(schemas.propertyNames()).doesNotContain("JsonNode");
    }

    @Test
    void whatIsAlwaysThereIsDescribedAsRequired() {
        JsonNode schemas = producer.get("/v3/api-docs").json().at("/components/schemas");

        assertThat(required(schemas, "Task"))
                .contains("id", "state", "times")
                .doesNotContain("result");
        assertThat(required(schemas, "TaskRequest")).containsExactlyInAnyOrder("type", "input");
        assertThat(required(schemas, "RunRequest")).isEmpty();
        assertThat(required(schemas, "Limits")).isEmpty();
    }

    private static Stream<String> required(JsonNode schemas, String name) {
        return schemas.path(name).path("required").valueStream().map(JsonNode::asString);
    }

    private static Stream<String> parameters(JsonNode paths, String path) {
        return paths.path(path)
                .at("/get/parameters")
                .valueStream()
                .map(p -> p.path("name").asString());
    }

    @Test
    void taskIsAcceptedDispatchedAndAnswered() {
        Answer accepted =
                producer.post(
                        "/api/v1/tasks",
                        """
                        {"type": "summarize", "input": {"text": "long", "sentences": 1}, "parameters": {"seed": 7},
                         "priority": "normal", "deadline": "PT1H", "callLimit": "PT2M", "metadata": {"a": "b"}}
                        """);
        UUID id = UUID.fromString(accepted.json().get("id").asString());
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("Location")).isEqualTo("/api/v1/tasks/" + id);

        GetResponse message = producer.takeTask(id);
        Envelope task = ProducerUnderTest.envelope(message);
        assertThat(message.getEnvelope().getRoutingKey()).isEqualTo("normal.summarize.any");
        assertThat(task.callLimit()).isEqualTo(Duration.ofMinutes(2));
        assertThat(task.deadline()).isBetween(Instant.now(), Instant.now().plusSeconds(3600));
        TaskBody body = Json.read(message.getBody(), TaskBody.class);
        assertThat(body.input())
                .isEqualTo(Json.tree("{\"text\":\"long\",\"sentences\":1}".getBytes()));
        assertThat(body.parameters()).isEqualTo(Json.tree("{\"seed\":7}".getBytes()));
        worker.succeed(task.routed("default", Worker.MODEL, "because"), "short");

        JsonNode done = finished(id);
        assertThat(done.get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(done.at("/result/output/text").asString()).isEqualTo("short");
        assertThat(done.at("/result/usage/inputTokens").asInt()).isEqualTo(3);
        assertThat(done.at("/result/usage/cost").decimalValue()).isEqualByComparingTo("0.25");
        assertThat(done.at("/result/model").asString()).isEqualTo(Worker.MODEL);
        assertThat(done.at("/route/pool").asString()).isEqualTo("default");
        assertThat(done.at("/route/why").asString()).isEqualTo("because");
        assertThat(done.at("/metadata/a").asString()).isEqualTo("b");
        assertThat(done.at("/attempts").asInt()).isEqualTo(1);
        assertThat(done.at("/times").propertyNames())
                .containsExactlyInAnyOrder("queuedAt", "startedAt", "finishedAt");
    }

    @Test
    void callerWhoWaitsGetsTheAnswer() {
        String tenant = "waits-for-the-answer";
        String key = producer.newKey(tenant, "user");
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(
                        () ->
                                producer.request(
                                        key,
                                        "POST",
                                        "/api/v1/tasks",
                                        TASK.getBytes(),
                                        Map.of("Prefer", "wait=30")));
        UUID id = await().until(() -> newest(key), found -> found != null);
        worker.succeed(worker.take(id), "at once");

        Answer answer = waiting.join();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(answer.json().at("/result/output/text").asString()).isEqualTo("at once");
    }

    @Test
    void callerWhoWaitedInVainKnowsWhereToLook() {
        Answer answer =
                producer.request(
                        ProducerUnderTest.ADMIN,
                        "POST",
                        "/api/v1/tasks",
                        TASK.getBytes(),
                        Map.of("Prefer", "wait=1"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Location"))
                .isEqualTo("/api/v1/tasks/" + answer.json().get("id").asString());
        assertThat(answer.json().get("state").asString()).isIn("ACCEPTED", "QUEUED");
    }

    @Test
    void failureSaysWhyAndWhatEachAttemptCameTo() {
        UUID id = producer.submit(TASK);
        worker.fail(worker.take(id), FailureCode.BACKEND_REFUSED);

        JsonNode failed = finished(id);

        assertThat(failed.get("state").asString()).isEqualTo("FAILED");
        assertThat(failed.at("/failure/code").asString()).isEqualTo("BACKEND_REFUSED");
        assertThat(failed.at("/failure/message").asString()).isEqualTo("it failed on purpose");
        assertThat(failed.at("/failure/retryable").asBoolean()).isFalse();
        assertThat(failed.at("/failures/0/attempt").asInt()).isEqualTo(1);
        assertThat(failed.has("result")).isFalse();
    }

    @Test
    void badLinesAmongGoodOnesAreRefusedAlone() {
        String lines =
                TASK
                        + "\n{\"type\":\"nope\",\"input\":{}}\n\n"
                        + "not json\n"
                        + TASK
                        + "\r\n"
                        + TASK;

        Answer answer = bulk(ProducerUnderTest.ADMIN, lines);

        List<JsonNode> said = answer.lines();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(said).hasSize(6);
        String batch = said.getFirst().get("batch").asString();
        assertThat(answer.header("Location")).isEqualTo("/api/v1/batches/" + batch);
        assertThat(said.stream().skip(1).map(l -> l.get("line").asInt()))
                .containsExactly(1, 2, 4, 5, 6);
        assertThat(said.stream().filter(l -> l.has("id"))).hasSize(3);
        assertThat(said.get(2).at("/error/status").asInt()).isEqualTo(400);
        assertThat(said.get(2).at("/error/errors/0/field").asString()).isEqualTo("/type");
        assertThat(said.get(3).at("/error/errors/0/message").asString()).contains("not valid JSON");
        said.stream()
                .filter(l -> l.has("id"))
                .map(l -> UUID.fromString(l.get("id").asString()))
                .forEach(id -> worker.succeed(worker.take(id), "x"));
        JsonNode finished =
                await().until(
                                () -> producer.get("/api/v1/batches/" + batch).json(),
                                b -> b.get("finished").asBoolean());
        assertThat(finished.get("total").asInt()).isEqualTo(3);
        assertThat(finished.get("refused").asInt()).isEqualTo(2);
        assertThat(finished.at("/states/SUCCEEDED").asInt()).isEqualTo(3);
    }

    @Test
    void pagesHoldEveryTaskOnceNewestFirst() {
        String key = producer.newKey("reads-pages", "user");
        List<String> accepted =
                bulk(key, (TASK + "\n").repeat(25)).lines().stream()
                        .filter(l -> l.has("id"))
                        .map(l -> l.get("id").asString())
                        .toList();
        List<String> seen = new ArrayList<>();
        String after = "";
        int pages = 0;
        do {
            JsonNode page = get(key, "/api/v1/tasks?limit=10&type=chat" + after).json();
            page.get("items").forEach(t -> seen.add(t.get("id").asString()));
            after = page.has("next") ? "&after=" + page.get("next").asString() : null;
            pages++;
        } while (after != null);

        assertThat(pages).isEqualTo(3);
        // an id is as new as its millisecond; within one, ids are in an order of their own
        assertThat(seen).isEqualTo(accepted.stream().sorted(Comparator.reverseOrder()).toList());
        assertThat(get(key, "/api/v1/tasks?type=embed").json().get("items").size()).isZero();
    }

    @Test
    void cancelledTaskStaysCancelled() {
        UUID id = producer.submit(TASK);
        Envelope task = worker.take(id);

        Answer cancelled = producer.post("/api/v1/tasks/" + id + "/cancel", "");
        worker.succeed(task, "too late");
        UUID marker = producer.submit(TASK);
        worker.succeed(worker.take(marker), "x");
        finished(marker);

        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.json().get("state").asString()).isEqualTo("CANCELLED");
        assertThat(producer.get("/api/v1/tasks/" + id).json().get("state").asString())
                .isEqualTo("CANCELLED");
        assertThat(producer.post("/api/v1/tasks/" + id + "/cancel", "").status()).isEqualTo(200);
    }

    @Test
    void deletedTaskKeepsNoContent() {
        UUID id = producer.submit(TASK.replace("}}", "},\"metadata\":{\"secret\":\"canary\"}}"));
        worker.succeed(worker.take(id), "canary");
        finished(id);
        String input = "/api/v1/tasks/" + id + "/input";
        assertThat(producer.get(input).json().at("/input/text").asString()).isEqualTo("hello");

        Answer deleted =
                producer.request(
                        ProducerUnderTest.ADMIN, "DELETE", "/api/v1/tasks/" + id, null, Map.of());

        assertThat(deleted.status()).isEqualTo(204);
        Answer left = producer.get("/api/v1/tasks/" + id);
        assertThat(left.status()).isEqualTo(200);
        assertThat(left.response().body()).doesNotContain("canary").doesNotContain("hello");
        assertThat(producer.get(input).status()).isEqualTo(404);
    }

    @Test
    void queuesSayHowMuchWaits() {
        JsonNode queues = producer.get("/api/v1/queues").json();

        assertThat(queues.valueStream().map(q -> q.path("queue").asString()))
                .contains("llm.ingress.normal", "llm.replies.q", "llm.dead.q");
        assertThat(queues.valueStream()).allMatch(q -> q.path("messages").isIntegralNumber());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tab \\t, bell \\u0007, escape \\u001b, delete \u007f",
                "nul \\u0000 in the middle",
                "emoji \\ud83d\\ude00 escaped and 😀 plain",
                "line \\u2028 and paragraph \\u2029, right-to-left \u202e, bom \ufeff",
                "\\\\ \\/ \\\" </script> ${x} %s {{x}}",
            })
    void everyCharacterReachesTheWorkerAndComesBack(String json) {
        String text = Json.tree(("\"" + json + "\"").getBytes(StandardCharsets.UTF_8)).asString();
        UUID id = producer.submit("{\"type\":\"chat\",\"input\":{\"text\":\"" + json + "\"}}");
        GetResponse message = producer.takeTask(id);

        assertThat(Json.read(message.getBody(), TaskBody.class).input().get("text").asString())
                .isEqualTo(text);
        worker.succeed(ProducerUnderTest.envelope(message).routed("default", null, "it"), text);
        assertThat(finished(id).at("/result/output/text").asString()).isEqualTo(text);
    }

    @Test
    void megabyteOfEmojiReachesTheWorkerAndComesBack() {
        String text = "😀".repeat(262_144);
        UUID id = producer.submit("{\"type\":\"chat\",\"input\":{\"text\":\"" + text + "\"}}");
        GetResponse message = producer.takeTask(id);

        assertThat(Json.read(message.getBody(), TaskBody.class).input().get("text").asString())
                .isEqualTo(text);
        worker.succeed(ProducerUnderTest.envelope(message).routed("default", null, "it"), text);
        assertThat(finished(id).at("/result/output/text").asString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\ude00 first", "\\ude00\\ud83d"})
    void halfACharacterIsRefused(String json) {
        Answer answer =
                producer.post(
                        "/api/v1/tasks",
                        "{\"type\":\"chat\",\"input\":{\"text\":\"" + json + "\"}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer).matches(a -> a.blames("/input/text", "valid Unicode"));
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] body = TASK.getBytes(StandardCharsets.ISO_8859_1);
        body[body.length - 5] = (byte) 0xff;

        Answer answer =
                producer.request(ProducerUnderTest.ADMIN, "POST", "/api/v1/tasks", body, Map.of());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer).matches(a -> a.blames("body", "not valid JSON"));
    }

    @Test
    void manyCallersAtOnceEachGetTheirOwnTask() {
        List<UUID> ids =
                IntStream.range(0, 100).parallel().mapToObj(i -> producer.submit(TASK)).toList();

        assertThat(ids).doesNotHaveDuplicates().hasSize(100);
        assertThat(ids).allMatch(id -> producer.get("/api/v1/tasks/" + id).status() == 200);
        assertThat(ids).allMatch(id -> Ids.timeOf(id).isBefore(Instant.now().plusSeconds(1)));
    }

    private static Answer bulk(String key, String lines) {
        return producer.request(
                key,
                "POST",
                "/api/v1/tasks/bulk",
                lines.getBytes(StandardCharsets.UTF_8),
                Map.of("Content-Type", "application/x-ndjson"));
    }

    private static Answer get(String key, String path) {
        return producer.request(key, "GET", path, null, Map.of());
    }

    private static UUID newest(String key) {
        JsonNode items = get(key, "/api/v1/tasks?limit=1").json().get("items");
        return items.isEmpty() ? null : UUID.fromString(items.get(0).get("id").asString());
    }

    private static JsonNode finished(UUID id) {
        return await().until(
                        () -> producer.get("/api/v1/tasks/" + id).json(),
                        task -> !task.at("/times/finishedAt").isMissingNode());
    }
}
