package io.llmfleet.producer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Replays and discards of many letters, and policies, on a real broker and database. */
class LetterJobIT {

    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"hello\"}}";
    private static final String PATH = "/api/v1/dead-letters";

    private final ProducerUnderTest producer = ProducerUnderTest.shared();
    private final Worker worker = new Worker(producer);
    private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
    private final String key = producer.newKey(tenant, "user");

    @Test
    void replaysEachLetterOnceAtTheRateWhileReplicasComeAndGo() {
        failed(120);
        String job;
        try (ProducerUnderTest replica = producer.replica()) {
            job = start("{\"kind\": \"replay\", \"filter\": {}, \"perSecond\": 40}");
            // The same letters are not taken twice.
            assertThat(get("/jobs/" + second()).path("total").asInt()).isZero();
            await().until(() -> get("/jobs/" + job).path("done").asInt() > 20);
        }

        JsonNode ended = ended(job);

        assertThat(counts(ended)).containsExactly(120, 120, 0, 0);
        assertThat(took(ended)).isGreaterThan(Duration.ofMillis(1900));
        assertThat(open("epoch = 2")).isEqualTo(120);
        assertThat(open("true")).isEqualTo(120);
        assertThat(get("?state=OPEN").path("items").size()).isZero();
        assertThat(get("?limit=500&job=" + job).path("items").size()).isEqualTo(120);
    }

    private String second() {
        return start("{\"kind\": \"replay\", \"filter\": {\"code\": \"BACKEND_ERROR\"}}");
    }

    @Test
    void whatItDidNotComeToWhenItIsStoppedStaysOpen() {
        failed(20);
        String job = start("{\"kind\": \"replay\", \"filter\": {}, \"perSecond\": 2}");
        await().until(() -> get("/jobs/" + job).path("done").asInt() > 1);

        JsonNode stopped = post("/jobs/" + job + "/cancel", "").json();

        int done = stopped.path("done").asInt();
        assertThat(stopped.path("state").asString()).isEqualTo("CANCELLED");
        assertThat(get("?state=OPEN").path("items").size()).isEqualTo(20 - done);
        assertThat(open("true")).isEqualTo(done);
        JsonNode rest = ended(start("{\"kind\": \"replay\", \"filter\": {}, \"perSecond\": 1000}"));
        assertThat(counts(rest)).containsExactly(20 - done, 20 - done, 0, 0);
    }

    @Test
    void countsWhatCannotBeRunAndWhatOthersDecided() {
        List<UUID> tasks = failed(4);
        producer.request(key, "DELETE", "/api/v1/tasks/" + tasks.get(0), null, Map.of());
        String job = start("{\"kind\": \"replay\", \"filter\": {}, \"perSecond\": 0.5}");
        post("/" + letterOf(tasks.get(3)) + "/discard", "{\"reason\": \"by hand\"}");

        JsonNode ended = ended(job);

        assertThat(counts(ended)).containsExactly(4, 2, 1, 1);
        assertThat(ended.path("problem").asString()).contains("content");
        assertThat(get("?state=OPEN").path("items").size()).isEqualTo(1);
    }

    @Test
    void discardsAGroupWithItsReason() {
        failed(30);
        assertThat(post("/jobs", "{\"kind\": \"discard\", \"filter\": {}}"))
                .matches(a -> a.blames("/reason", "required"));
        assertThat(post("/jobs", "{\"kind\": \"discard\", \"reason\": \"x\"}"))
                .matches(a -> a.blames("/filter", "required"));

        JsonNode ended =
                ended(
                        start(
                                """
                                {"kind": "discard", "filter": {"shape": "{text: text}"}, "reason": "old", "perSecond": 1000}
                                """));

        assertThat(counts(ended)).containsExactly(30, 30, 0, 0);
        assertThat(get("?state=DISCARDED").at("/items/0/decisionReason").asString())
                .isEqualTo("old");
    }

    @Test
    void anothersJobIsNotThere() {
        failed(1);
        String job = start("{\"kind\": \"replay\", \"filter\": {}}");
        String other = producer.newKey("someone-else", "user");

        assertThat(producer.request(other, "GET", PATH + "/jobs/" + job, null, Map.of()).status())
                .isEqualTo(404);
        assertThat(producer.get(PATH + "/jobs/" + job).status()).isEqualTo(200);
    }

    @Test
    void policyReplaysAfterItsDelayAsOftenAsItSays() {
        UUID task = submit();
        worker.fail(worker.take(task), FailureCode.CALL_TIMEOUT);
        String policy =
                policy(
                        """
                        {"code": "CALL_TIMEOUT", "type": "chat", "when": "delay", "delay": "PT0S", "maxReplays": 1}
                        """);

        Envelope again = worker.take(task);
        assertThat(again.epoch()).isEqualTo(2);
        assertThat(get("?state=REPLAYED").at("/items/0/policy").asString()).isEqualTo(policy);
        worker.fail(again, FailureCode.CALL_TIMEOUT);

        await().until(() -> get("?state=OPEN").path("items").size() == 1);
        await().during(Duration.ofSeconds(3))
                .until(() -> get("?state=OPEN").path("items").size() == 1);
        assertThat(get("/policies").at("/0/replayed").asInt()).isEqualTo(1);
        assertThat(request("DELETE", "/policies/" + policy, null).status()).isEqualTo(204);
        assertThat(get("/policies").size()).isZero();
    }

    @Test
    void policyReplaysWhenTheBreakerHasClosed() {
        // Said again and again, since what a worker said counts for some seconds only.
        await().until(
                        () -> {
                            say(true, false);
                            return breakers("open") == 1;
                        });
        UUID task = submit();
        worker.fail(worker.take(task), FailureCode.BACKEND_UNAVAILABLE);
        String policy = policy("{\"code\": \"BACKEND_UNAVAILABLE\", \"when\": \"breaker-closed\"}");
        await().during(Duration.ofSeconds(3))
                .until(() -> get("?state=OPEN").path("items").size() == 1);

        await().until(
                        () -> {
                            say(false, false);
                            return get("?state=REPLAYED").path("items").size() == 1;
                        });

        assertThat(worker.take(task).epoch()).isEqualTo(2);
        say(false, true);
        request("DELETE", "/policies/" + policy, null);
    }

    private void say(boolean open, boolean leaving) {
        Instant now = Instant.now();
        WorkerInfo info =
                new WorkerInfo(
                        "worker-of-letters",
                        "default",
                        List.of(Worker.MODEL),
                        List.of("chat"),
                        1,
                        0,
                        open ? List.of(Worker.MODEL) : List.of(),
                        leaving,
                        now,
                        now);
        producer.publish(
                Exchanges.EVENTS,
                RoutingKeys.event(Event.WORKER, "any"),
                Map.of(),
                Json.bytes(info));
    }

    private int breakers(String condition) {
        return count("select count(*) from dead_letter_breaker where " + condition);
    }

    private List<UUID> failed(int number) {
        List<UUID> tasks = IntStream.range(0, number).mapToObj(i -> submit()).toList();
        producer.part(TaskOutcomes.class).store(tasks.stream().map(LetterJobIT::failure).toList());
        return tasks;
    }

    private static FinalOutcome failure(UUID task) {
        return new FinalOutcome(
                task,
                1,
                TaskState.FAILED,
                1,
                Instant.now(),
                Instant.now(),
                "default",
                Worker.MODEL,
                "it",
                Failure.of(FailureCode.BACKEND_ERROR, "it failed on purpose"),
                List.of(),
                null);
    }

    private UUID submit() {
        return UUID.fromString(
                producer.request(key, "POST", "/api/v1/tasks", TASK.getBytes(), Map.of())
                        .json()
                        .get("id")
                        .asString());
    }

    private String letterOf(UUID task) {
        return get("?task=" + task).at("/items/0/id").asString();
    }

    private String start(String order) {
        Answer answer = post("/jobs", order);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
        return answer.json().get("id").asString();
    }

    private String policy(String order) {
        Answer answer = post("/policies", order);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.json().get("id").asString();
    }

    private JsonNode ended(String job) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/jobs/" + job).path("state").asString().equals("DONE"));
        return get("/jobs/" + job);
    }

    private static List<Integer> counts(JsonNode job) {
        return List.of(
                job.path("total").asInt(),
                job.path("done").asInt(),
                job.path("skipped").asInt(),
                job.path("failed").asInt());
    }

    private static Duration took(JsonNode job) {
        return Duration.between(
                Instant.parse(job.path("createdAt").asString()),
                Instant.parse(job.path("finishedAt").asString()));
    }

    private int open(String condition) {
        return count(
                "select count(*) from task_open where tenant = '" + tenant + "' and " + condition);
    }

    private int count(String sql) {
        Integer count = producer.part(JdbcTemplate.class).queryForObject(sql, Integer.class);
        return count == null ? 0 : count;
    }

    private JsonNode get(String path) {
        return request("GET", path, null).json();
    }

    private Answer post(String path, String body) {
        return request("POST", path, body.getBytes());
    }

    private Answer request(String method, String path, byte[] body) {
        return producer.request(key, method, PATH + path, body, Map.of());
    }
}
