package io.llmfleet.producer.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a person can do about a task that failed for good. */
class DeadLetterApiIT {

    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"hello\"}}";

    private static ProducerUnderTest producer;
    private static Worker worker;

    private String key;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.shared();
        worker = new Worker(producer);
    }

    @BeforeEach
    void newTenant() {
        key = producer.newKey("t-" + UUID.randomUUID().toString().substring(0, 8), "user");
    }

    @Test
    void failedTaskHasALetterThatSaysWhy() {
        UUID task = fail();

        JsonNode letter = letters("").get(0);

        assertThat(letter.get("taskId").asString()).isEqualTo(task.toString());
        assertThat(letter.get("kind").asString()).isEqualTo("TASK");
        assertThat(letter.get("state").asString()).isEqualTo("OPEN");
        assertThat(letter.get("code").asString()).isEqualTo("BACKEND_REFUSED");
        assertThat(letter.get("message").asString()).isEqualTo("it failed on purpose");
        assertThat(letter.get("attempts").asInt()).isEqualTo(1);
        assertThat(letter.at("/failures/0/worker").asString()).isEqualTo("it");
        assertThat(get("/" + letter.get("id").asString()).json()).isEqualTo(letter);
    }

    @Test
    void replayRunsTheTaskAgainOnce() {
        UUID task = fail();
        String letter = letters("").get(0).get("id").asString();

        Answer replayed = decide(letter, "replay", "");
        Answer again = decide(letter, "replay", "");

        assertThat(replayed.status()).isEqualTo(202);
        assertThat(replayed.json().get("state").asString()).isEqualTo("REPLAYED");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again).matches(a -> a.blames("id", "OPEN"));
        Envelope second = worker.take(task);
        assertThat(second.epoch()).isEqualTo(2);
        assertThat(second.attempt()).isEqualTo(1);
        worker.succeed(second, "now");
        await().until(() -> state(task).equals("SUCCEEDED"));
    }

    @Test
    void replayedTaskThatFailsAgainHasAnotherLetter() {
        UUID task = fail();
        decide(letters("").get(0).get("id").asString(), "replay", "");

        worker.fail(worker.take(task), FailureCode.BACKEND_ERROR);

        await().until(() -> letters("?state=OPEN").size() == 1);
        assertThat(letters("?state=OPEN").get(0).get("code").asString()).isEqualTo("BACKEND_ERROR");
        assertThat(letters("?state=REPLAYED").size()).isEqualTo(1);
    }

    @Test
    void discardNeedsAReasonAndIsFinal() {
        fail();
        String letter = letters("").get(0).get("id").asString();

        assertThat(decide(letter, "discard", "{}")).matches(a -> a.blames("/reason", "required"));
        Answer discarded = decide(letter, "discard", "{\"reason\":\"asked again\"}");

        assertThat(discarded.status()).isEqualTo(200);
        assertThat(discarded.json().get("decisionReason").asString()).isEqualTo("asked again");
        assertThat(decide(letter, "replay", "").status()).isEqualTo(409);
        assertThat(letters("?state=OPEN").size()).isZero();
    }

    @Test
    void replayOfADeletedTaskIsImpossible() {
        UUID task = fail();
        String letter = letters("").get(0).get("id").asString();
        producer.request(key, "DELETE", "/api/v1/tasks/" + task, null, Map.of());

        Answer replayed = decide(letter, "replay", "");

        assertThat(replayed.status()).isEqualTo(409);
        assertThat(replayed).matches(a -> a.blames("id", "accepted: discard"));
        assertThat(letters("?state=OPEN").size()).isEqualTo(1);
    }

    @Test
    void anotherTenantsLetterIsNotThereButAnAdminSeesAll() {
        fail();
        String letter = letters("").get(0).get("id").asString();
        String other = producer.newKey("someone-else", "user");
        String path = "/api/v1/dead-letters/" + letter;

        assertThat(producer.request(other, "GET", path, null, Map.of()).status()).isEqualTo(404);
        assertThat(producer.request(other, "GET", path + "/input", null, Map.of()).status())
                .isEqualTo(404);
        assertThat(producer.request(other, "POST", path + "/replay", null, Map.of()).status())
                .isEqualTo(404);
        assertThat(producer.get(path).status()).isEqualTo(200);
        assertThat(producer.get(path + "/input").json().path("input"))
                .isEqualTo(Json.tree(TASK.getBytes()).path("input"));
        assertThat(letters("?state=OPEN").size()).isEqualTo(1);
    }

    @Test
    void groupsLettersByWhatTheyHaveInCommon() {
        fail();
        fail();
        JsonNode codes = get("/groups").json();
        JsonNode shapes = get("/groups?by=shape&code=BACKEND_REFUSED").json();

        assertThat(codes.at("/0/value").asString()).isEqualTo("BACKEND_REFUSED");
        assertThat(codes.at("/0/letters").asInt()).isEqualTo(2);
        assertThat(shapes.at("/0/value").asString()).isEqualTo("{text: text}");
        assertThat(get("/groups?by=backend").json().at("/0/value").asString())
                .isEqualTo(Worker.MODEL);
        assertThat(letters("?shape=%7Btext:%20text%7D&source=default&type=chat").size())
                .isEqualTo(2);
        assertThat(letters("?code=POISON").size()).isZero();
        assertThat(get("/groups?by=weather")).matches(a -> a.blames("by", "shape"));
    }

    @Test
    void exportsEachLetterAsALine() {
        UUID first = fail();
        UUID second = fail();

        Answer exported = get("/export?state=OPEN");

        assertThat(exported.response().body().lines()).hasSize(2);
        assertThat(exported.response().body().lines().findFirst().orElseThrow())
                .contains(second.toString());
        assertThat(exported.response().body()).contains(first.toString());
    }

    @Test
    void editedCopyGoesInPlaceOfTheTask() {
        UUID task = fail();
        String letter = letters("").get(0).get("id").asString();
        String other = "{\"input\":{\"text\":\"another\"},\"priority\":\"normal\"}";

        assertThat(decide(letter, "copy", "{\"input\":{\"txt\":1}}").status()).isEqualTo(400);
        assertThat(decide(letter, "copy", "{\"inptu\":{}}"))
                .matches(a -> a.blames("/inptu", "input"));
        Answer copied = decide(letter, "copy", other);

        assertThat(copied.status()).isEqualTo(202);
        assertThat(copied.json().get("state").asString()).isEqualTo("REPLAYED");
        UUID copy = UUID.fromString(copied.json().get("copy").asString());
        assertThat(copy).isNotEqualTo(task);
        assertThat(letters("?task=" + copy).get(0).get("taskId").asString())
                .isEqualTo(task.toString());
        assertThat(decide(letter, "copy", other).status()).isEqualTo(409);
        assertThat(decide(letter, "replay", "").status()).isEqualTo(409);
        worker.succeed(worker.take(copy), "now");
        await().until(() -> state(copy).equals("SUCCEEDED"));
        assertThat(state(task)).isEqualTo("FAILED");
        assertThat(
                        producer.request(
                                        key,
                                        "GET",
                                        "/api/v1/tasks/" + copy + "/input",
                                        null,
                                        Map.of())
                                .response()
                                .body())
                .contains("another");
    }

    @Test
    void pagesHoldEveryLetterOnce() {
        UUID first = fail();
        UUID second = fail();

        JsonNode page = get("?limit=1").json();
        JsonNode next = get("?limit=1&after=" + page.get("next").asString()).json();

        assertThat(page.at("/items/0/taskId").asString()).isEqualTo(second.toString());
        assertThat(next.at("/items/0/taskId").asString()).isEqualTo(first.toString());
    }

    private UUID fail() {
        UUID task =
                UUID.fromString(
                        producer.request(key, "POST", "/api/v1/tasks", TASK.getBytes(), Map.of())
                                .json()
                                .get("id")
                                .asString());
        worker.fail(worker.take(task), FailureCode.BACKEND_REFUSED);
        await().until(() -> state(task).equals("FAILED"));
        return task;
    }

    private String state(UUID task) {
        return producer.request(key, "GET", "/api/v1/tasks/" + task, null, Map.of())
                .json()
                .get("state")
                .asString();
    }

    private JsonNode letters(String query) {
        return get(query).json().get("items");
    }

    private Answer get(String path) {
        return producer.request(key, "GET", "/api/v1/dead-letters" + path, null, Map.of());
    }

    private Answer decide(String letter, String decision, String body) {
        return producer.request(
                key,
                "POST",
                "/api/v1/dead-letters/" + letter + "/" + decision,
                body.getBytes(),
                Map.of());
    }
}
