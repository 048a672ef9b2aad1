package io.llmfleet.producer.delegation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Usage;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.producer.metrics.ProducerMetrics;
import io.llmfleet.wire.Delegated;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Tasks that delegate, on a real broker and database. */
class DelegationIT {

    private final ProducerUnderTest producer = ProducerUnderTest.shared();
    private final Worker worker = new Worker(producer);

    @Test
    void tellsACallerWhatBecameOfWhatItDelegated() {
        UUID parent = submit("{}");
        GetResponse first = producer.takeTask(parent);
        assertThat(delegation(first).path("tasksLeft").asInt()).isEqualTo(8);
        delegate(envelope(first), "'left off here'", call("a", "text"), call("b", "text"));

        List<UUID> children = children(parent, 2);
        assertThat(state(parent)).isEqualTo("RUNNING");
        JsonNode child = task(children.getFirst());
        assertThat(child.path("parent").asString()).isEqualTo(parent.toString());
        assertThat(child.path("deadline")).isEqualTo(task(parent).path("deadline"));
        worker.succeed(worker.take(children.get(0)), "done");
        worker.fail(worker.take(children.get(1)), FailureCode.BACKEND_REFUSED);

        GetResponse second = producer.takeTask(parent);
        JsonNode told = delegation(second);
        assertThat(told.path("round").asInt()).isEqualTo(1);
        assertThat(told.path("tasksLeft").asInt()).isEqualTo(6);
        assertThat(told.path("continuation").asString()).isEqualTo("left off here");
        assertThat(told.path("results").valueStream().map(r -> r.path("id").asString()))
                .containsExactly("a", "b");
        assertThat(resultOf(told, children.get(0)).at("/output/text").asString()).isEqualTo("done");
        assertThat(resultOf(told, children.get(1)).path("failure").asString())
                .isEqualTo("FAILED: BACKEND_REFUSED, it failed on purpose");
        worker.succeed(envelope(second), "all done");
        assertState(parent, "SUCCEEDED");
    }

    @Test
    void makesNoSecondChildrenOfWhatComesAgain() {
        UUID parent = submit("{}");
        Envelope first = worker.take(parent);
        delegate(first, "1", call("a", "text"));
        UUID child = children(parent, 1).getFirst();
        delegate(first, "2", call("a", "text"));
        worker.succeed(worker.take(child), "done");

        GetResponse second = producer.takeTask(parent);
        delegate(first, "3", call("a", "text"));

        worker.succeed(envelope(second), "all done");
        assertState(parent, "SUCCEEDED");
        assertThat(delegation(second).path("continuation").asInt()).isEqualTo(1);
        assertThat(children(parent, 1)).containsExactly(child);
    }

    @Test
    void cancelsWhatIsBelowACancelledTask() {
        UUID parent = submit("{\"maxDepth\": 2}");
        delegate(worker.take(parent), "1", call("a", "text"));
        UUID child = children(parent, 1).getFirst();
        delegate(worker.take(child), "1", call("a", "text"));
        UUID grandchild = children(child, 1).getFirst();
        worker.take(grandchild);

        assertThat(producer.post("/api/v1/tasks/" + parent + "/cancel", "").status())
                .isEqualTo(200);

        assertState(child, "CANCELLED");
        assertState(grandchild, "CANCELLED");
        assertThat(state(parent)).isEqualTo("CANCELLED");
    }

    @Test
    void cancelsWhatIsBelowATaskThatExpires() {
        UUID parent = submit("{}");
        delegate(worker.take(parent), "1", call("a", "text"));
        UUID child = children(parent, 1).getFirst();

        producer.part(JdbcTemplate.class)
                .update("update task_open set deadline = now() where task_id = ?", parent);

        assertState(parent, "EXPIRED");
        await().untilAsserted(() -> assertThat(state(child)).isIn("CANCELLED", "EXPIRED"));
    }

    @Test
    void answersWhatIsBeyondTheBoundsInWords() {
        UUID parent = submit("{\"maxTasks\": 1, \"maxTokens\": 100}");
        delegate(worker.take(parent), "1", call("a", "text"), call("b", "text"), call("c", "no"));
        UUID child = children(parent, 1).getFirst();
        Envelope run = worker.take(child);
        delegate(run, "1", call("x", "text"));
        assertState(child, "FAILED");

        GetResponse second = producer.takeTask(parent);

        assertThat(result(second, 0)).contains("FAILED: OUTPUT_INVALID", "may not delegate");
        assertThat(result(second, 1)).contains("budget of 1 tasks");
        assertThat(result(second, 2)).contains("budget of 1 tasks");
        assertThat(delegation(second).path("tasksLeft").asInt()).isZero();
        delegate(envelope(second), "2", call("d", "text"));
        GetResponse third = producer.takeTask(parent);
        assertThat(result(third, 0)).contains("budget of 1 tasks");
        worker.succeed(envelope(third), "done");
        assertState(parent, "SUCCEEDED");
    }

    @Test
    void answersACallThatIsNoTaskInWords() {
        UUID parent = submit("{}");
        delegate(worker.take(parent), "1", new Delegated.Call("a", "nonsense", null, null));

        GetResponse second = producer.takeTask(parent);

        assertThat(result(second, 0)).contains("/type unknown type", "/input is required");
        worker.succeed(envelope(second), "done");
        assertState(parent, "SUCCEEDED");
    }

    @Test
    void endsATaskThatDelegatesAgainAndAgain() {
        UUID parent = submit("{}");
        for (int round = 0; round < 9; round++) {
            delegate(worker.take(parent), "1", new Delegated.Call("a", "no", null, null));
        }

        assertState(parent, "FAILED");
        assertThat(task(parent).at("/failure/message").asString()).contains("up to 8");
    }

    @Test
    void countsTokensOfRoundsAndChildren() {
        UUID parent = submit("{\"maxTokens\": 100}");
        Delegated spent =
                new Delegated(
                        List.of(call("a", "text")), null, new Usage(60, 5, null, 1), Worker.MODEL);
        worker.reply(worker.take(parent), RoutingKeys.DELEGATED, Json.bytes(spent));
        worker.succeed(worker.take(children(parent, 1).getFirst()), "3 and 5 tokens");

        GetResponse second = producer.takeTask(parent);

        assertThat(delegation(second).path("tokensLeft").asInt()).isEqualTo(100 - 65 - 8);
        worker.reply(envelope(second), RoutingKeys.DELEGATED, Json.bytes(spent));
        worker.succeed(worker.take(children(parent, 2).getFirst()), "done");
        GetResponse third = producer.takeTask(parent);
        worker.reply(envelope(third), RoutingKeys.DELEGATED, Json.bytes(spent));
        GetResponse fourth = producer.takeTask(parent);
        assertThat(result(fourth, 0)).contains("budget of 100 tokens");
        worker.succeed(envelope(fourth), "done");
    }

    @Test
    void goesOnOnceAlthoughReplicasRace() {
        try (ProducerUnderTest other = producer.replica()) {
            double before = dispatched(producer) + dispatched(other);
            UUID parent = submit("{}");
            delegate(
                    worker.take(parent),
                    "1",
                    IntStream.range(0, 8)
                            .mapToObj(n -> call("c" + n, "text"))
                            .toArray(Delegated.Call[]::new));
            List<Envelope> running = children(parent, 8).stream().map(worker::take).toList();
            running.forEach(child -> worker.succeed(child, "done"));

            Envelope second = worker.take(parent);
            worker.succeed(second, "all done");

            assertState(parent, "SUCCEEDED");
            assertThat(dispatched(producer) + dispatched(other) - before).isEqualTo(10);
        }
    }

    @Test
    void namesWhatIsWrongWithItsLimits() {
        Answer answer =
                producer.post(
                        "/api/v1/tasks",
                        """
                        {"type": "chat", "input": {"text": "a"}, "delegation":
                         {"maxDepth": 9, "maxTasks": 0, "maxTokens": "x", "y": 1}}
                        """);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.blames("/delegation/maxDepth", "1 to 3")).isTrue();
        assertThat(answer.blames("/delegation/maxTasks", "1 to 64")).isTrue();
        assertThat(answer.blames("/delegation/maxTokens", "1 to")).isTrue();
        assertThat(answer.blames("/delegation/y", "unknown field")).isTrue();
    }

    @Test
    void refusesAToolOfTheClientThatHasTheNameOfItsOwn() {
        String task =
                """
                {"type": "chat", "delegation": {}, "input": {"text": "a", "tools": [
                 {"type": "function", "function": {"name": "mine"}},
                 {"type": "function", "function": {"name": "delegate"}}]}}
                """;
        Answer answer = producer.post("/api/v1/tasks", task);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.blames("/input/tools/1/function/name", "must not be 'delegate'"))
                .isTrue();
        assertThat(producer.post("/api/v1/tasks", task.replace("\"delegation\": {},", "")).status())
                .isEqualTo(202);
    }

    @Test
    void endsATaskThatDelegatesAlthoughItMayNot() {
        UUID task = producer.submit("{\"type\": \"chat\", \"input\": {\"text\": \"hello\"}}");
        delegate(worker.take(task), "1", call("a", "text"));

        assertState(task, "FAILED");
        assertThat(children(task, 0)).isEmpty();
    }

    @Test
    void replaysATaskFromItsFirstRound() {
        UUID parent = submit("{\"maxTasks\": 1}");
        delegate(worker.take(parent), "1", call("a", "text"));
        worker.succeed(worker.take(children(parent, 1).getFirst()), "done");
        worker.fail(worker.take(parent), FailureCode.BACKEND_REFUSED);
        assertState(parent, "FAILED");

        replay(parent);

        GetResponse again = producer.takeTask(parent);
        assertThat(delegation(again).path("round").asInt()).isZero();
        assertThat(delegation(again).path("results").isMissingNode()).isTrue();
        delegate(envelope(again), "1", call("a", "text"));
        worker.succeed(worker.take(children(parent, 2).getFirst()), "again");
        GetResponse second = producer.takeTask(parent);
        assertThat(delegation(second).at("/results/0/output/text").asString()).isEqualTo("again");
        worker.succeed(envelope(second), "done");
        assertState(parent, "SUCCEEDED");
    }

    @Test
    void opensTheOpenAiApiByAHeader() {
        String conversation = "delegation-" + UUID.randomUUID();
        byte[] chat =
                """
                {"model": "any", "messages": [{"role": "user", "content": "hello"}]}
                """
                        .getBytes(StandardCharsets.UTF_8);
        var headers =
                Map.of("x-fleet-delegation", "maxTasks=2", "x-fleet-conversation", conversation);
        CompletableFuture<Answer> answer =
                CompletableFuture.supplyAsync(
                        () ->
                                producer.request(
                                        ProducerUnderTest.ADMIN,
                                        "POST",
                                        "/v1/chat/completions",
                                        chat,
                                        headers));
        GetResponse first = producer.takeTask(onlyTaskOf(conversation));
        assertThat(delegation(first).path("tasksLeft").asInt()).isEqualTo(2);
        worker.succeed(envelope(first), 0, Worker.completion("hi", "stop"));
        assertThat(answer.join().status()).isEqualTo(200);
    }

    private UUID onlyTaskOf(String conversation) {
        String id =
                await().until(
                                () ->
                                        producer.get("/api/v1/tasks?conversation=" + conversation)
                                                .json()
                                                .at("/items/0/id")
                                                .asString(""),
                                found -> !found.isEmpty());
        return UUID.fromString(id);
    }

    private static double dispatched(ProducerUnderTest replica) {
        return replica.count(ProducerMetrics.DISPATCH_MESSAGES);
    }

    private UUID submit(String limits) {
        return producer.submit(
                """
                {"type": "chat", "input": {"text": "hello"}, "delegation": %s, "deadline": "PT1H"}
                """
                        .formatted(limits));
    }

    private static Delegated.Call call(String id, String field) {
        return new Delegated.Call(
                id, "chat", null, Json.MAPPER.createObjectNode().put(field, "do this"));
    }

    private void delegate(Envelope task, String continuation, Delegated.Call... calls) {
        JsonNode left = Json.tree(continuation.replace('\'', '"').getBytes());
        Delegated body = new Delegated(List.of(calls), left, null, null);
        worker.reply(task, RoutingKeys.DELEGATED, Json.bytes(body));
    }

    private static Envelope envelope(GetResponse message) {
        return ProducerUnderTest.envelope(message).routed("default", Worker.MODEL, "it");
    }

    private static JsonNode delegation(GetResponse message) {
        return Json.tree(message.getBody()).path("delegation");
    }

    private static String result(GetResponse message, int place) {
        return delegation(message).at("/results/" + place + "/failure").asString();
    }

    private static JsonNode resultOf(JsonNode told, UUID child) {
        return told.path("results")
                .valueStream()
                .filter(r -> r.path("task").asString("").equals(child.toString()))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode task(UUID id) {
        return producer.get("/api/v1/tasks/" + id).json();
    }

    private String state(UUID id) {
        return task(id).path("state").asString();
    }

    private void assertState(UUID task, String state) {
        await().untilAsserted(() -> assertThat(state(task)).isEqualTo(state));
    }

    /** Those of a task; of those that were made at once the order is not known. */
    private List<UUID> children(UUID parent, int count) {
        return await().until(
                        () ->
                                producer.get("/api/v1/tasks?parent=" + parent)
                                        .json()
                                        .path("items")
                                        .valueStream()
                                        .map(t -> UUID.fromString(t.path("id").asString()))
                                        .toList(),
                        ids -> ids.size() == count);
    }

    private void replay(UUID task) {
        String letter =
                await().until(
                                () ->
                                        producer.get("/api/v1/dead-letters?limit=500")
                                                .json()
                                                .path("items")
                                                .valueStream()
                                                .filter(
                                                        l ->
                                                                l.path("taskId")
                                                                        .asString("")
                                                                        .equals(task.toString()))
                                                .map(l -> l.path("id").asString())
                                                .findFirst()
                                                .orElse(null),
                                id -> id != null);
        assertThat(producer.post("/api/v1/dead-letters/" + letter + "/replay", "").status())
                .isIn(200, 202);
    }
}
