package io.llmfleet.producer.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Turns of conversations on a real broker and database. */
class ConversationIT {

    private final ProducerUnderTest producer = ProducerUnderTest.shared();
    private final Worker worker = new Worker(producer);
    private final String conversation = "c-" + UUID.randomUUID();

    @Test
    void dispatchesATurnWhenTheOneBeforeHasEnded() {
        UUID first = turn("{}");
        UUID second = turn("{}");
        UUID third = turn("{}");
        Envelope running = worker.take(first);

        assertThat(shown()).containsExactly("running", "3", "3");
        assertHeld(second, third);
        worker.succeed(running, "one");
        Envelope next = worker.take(second);
        assertHeld(third);
        worker.fail(next, FailureCode.BACKEND_ERROR);

        worker.succeed(worker.take(third), "three");
        await().untilAsserted(() -> assertThat(shown()).containsExactly("idle", "3", "0"));
    }

    @Test
    void goesOnWhenTheRunningTurnIsCancelled() {
        UUID first = turn("{}");
        UUID second = turn("{}");
        worker.take(first);

        cancel(first);

        worker.succeed(worker.take(second), "two");
        assertState(second, "SUCCEEDED");
    }

    @Test
    void leavesOutATurnThatWasCancelledWhileItWaited() {
        UUID first = turn("{}");
        UUID second = turn("{}");
        UUID third = turn("{}");
        Envelope running = worker.take(first);

        cancel(second);
        assertHeld(third);
        worker.succeed(running, "one");

        worker.succeed(worker.take(third), "three");
        assertState(second, "CANCELLED");
    }

    @Test
    void haltsAfterAFailureUntilTheTurnIsReplayed() {
        UUID first = turn("{\"onFailure\": \"halt\"}");
        UUID second = turn("{}");
        worker.fail(worker.take(first), FailureCode.BACKEND_ERROR);

        await().untilAsserted(() -> assertThat(shown()).containsExactly("halted", "2", "1"));
        assertThat(get().path("haltedBy").asString()).isEqualTo(first.toString());
        assertHeld(second);
        decide(first, "replay", "");
        Envelope again = worker.take(first);
        assertThat(again.epoch()).isEqualTo(2);
        assertHeld(second);
        worker.succeed(again, "one");

        worker.succeed(worker.take(second), "two");
    }

    @Test
    void goesOnAfterAFailureWhenItIsResumed() {
        UUID first = turn("{\"onFailure\": \"halt\"}");
        UUID second = turn("{}");
        worker.fail(worker.take(first), FailureCode.BACKEND_ERROR);
        await().untilAsserted(() -> assertThat(shown()).startsWith("halted"));

        Answer resumed = producer.post(path() + "/resume", "");

        assertThat(resumed.status()).isEqualTo(200);
        worker.succeed(worker.take(second), "two");
        assertThat(producer.post(path() + "/resume", "").status()).isEqualTo(409);
    }

    @Test
    void goesOnAfterAFailureWhenItsLetterIsDiscarded() {
        UUID first = turn("{\"onFailure\": \"halt\"}");
        UUID second = turn("{}");
        worker.fail(worker.take(first), FailureCode.BACKEND_ERROR);
        await().untilAsserted(() -> assertThat(shown()).startsWith("halted"));

        decide(first, "discard", "{\"reason\": \"not worth it\"}");

        worker.succeed(worker.take(second), "two");
    }

    @Test
    void refusesATurnThatDoesNotWantToWait() {
        UUID first = turn("{}");
        Envelope running = worker.take(first);

        Answer busy = post("{\"whileRunning\": \"reject\"}", "chat", "hello");

        assertThat(busy.status()).isEqualTo(409);
        assertThat(busy.blames("/conversation", "another turn is unfinished")).isTrue();
        worker.succeed(running, "one");
        assertState(first, "SUCCEEDED");
        UUID second = turn("{\"whileRunning\": \"reject\"}");
        worker.succeed(worker.take(second), "two");
    }

    @Test
    void cancelsWhatANewTurnInterrupts() {
        UUID first = turn("{}");
        UUID second = turn("{}");
        worker.take(first);

        UUID third = turn("{\"whileRunning\": \"interrupt\"}");

        worker.succeed(worker.take(third), "three");
        assertState(first, "CANCELLED");
        assertState(second, "CANCELLED");
    }

    @Test
    void handsAChatWhatWasSaidBefore() {
        chatTurn("{}", "My name is Ada.", "Hello Ada.");
        chatTurn("{}", "I like cats.", "So do I.");

        UUID third = id(post("{\"history\": {\"turns\": 1}}", "chat", "What do I like?"));
        JsonNode messages = sent(third);

        assertThat(messages.valueStream().map(m -> m.path("content").asString()))
                .containsExactly("Be brief.", "I like cats.", "So do I.", "What do I like?");
        assertThat(messages.valueStream().map(m -> m.path("role").asString()))
                .containsExactly("system", "user", "assistant", "user");
    }

    @Test
    void handsAChatNoMoreTokensThanItWants() {
        chatTurn("{}", "x".repeat(4_000), "A long story.");
        chatTurn("{}", "I like cats.", "So do I.");

        UUID third = id(post("{\"history\": {\"tokens\": 200}}", "chat", "Go on."));

        assertThat(sent(third).valueStream().map(m -> m.path("content").asString()))
                .containsExactly("Be brief.", "I like cats.", "So do I.", "Go on.");
    }

    @Test
    void namesWhatIsWrongWithATurn() {
        Answer answer =
                producer.post(
                        "/api/v1/tasks",
                        """
                        {"type": "summarize", "input": {"text": "a"}, "conversation": "c", "turn":
                         {"onFailure": "stop", "whileRunning": 1, "history": {"turns": 0}, "x": 1}}
                        """);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.blames("/turn/onFailure", "skip, halt")).isTrue();
        assertThat(answer.blames("/turn/whileRunning", "enqueue, reject, interrupt")).isTrue();
        assertThat(answer.blames("/turn/history", "type chat")).isTrue();
        assertThat(answer.blames("/turn/history/turns", "1 to 200")).isTrue();
        assertThat(answer.blames("/turn/x", "unknown field")).isTrue();
    }

    private UUID turn(String turn) {
        return id(post(turn, "chat", "hello"));
    }

    private static UUID id(Answer accepted) {
        assertThat(accepted.status()).as(accepted.response().body()).isEqualTo(202);
        return UUID.fromString(accepted.json().path("id").asString());
    }

    private void chatTurn(String turn, String text, String answer) {
        UUID id = id(post(turn, "chat", text));
        worker.succeed(worker.take(id), 0, Worker.completion(answer, "stop"));
        assertState(id, "SUCCEEDED");
    }

    private Answer post(String turn, String type, String text) {
        return producer.post(
                "/api/v1/tasks",
                """
                {"type": "%s", "conversation": "%s", "turn": %s, "input": {"messages": [
                 {"role": "system", "content": "Be brief."}, {"role": "user", "content": "%s"}]}}
                """
                        .formatted(type, conversation, turn, text));
    }

    /** The messages as a worker gets them. */
    private JsonNode sent(UUID task) {
        GetResponse message = producer.takeTask(task);
        JsonNode messages = Json.tree(message.getBody()).at("/input/messages");
        worker.reply(
                ProducerUnderTest.envelope(message).routed("default", Worker.MODEL, "it"),
                RoutingKeys.SUCCEEDED,
                Worker.succeeded("done"));
        return messages;
    }

    private String path() {
        return "/api/v1/conversations/" + conversation;
    }

    private JsonNode get() {
        return producer.get(path()).json();
    }

    private List<String> shown() {
        JsonNode now = get();
        return List.of(
                now.path("state").asString(),
                now.path("turns").asString(),
                now.path("unfinished").asString());
    }

    private void assertHeld(UUID... tasks) {
        for (UUID task : tasks) {
            assertThat(producer.get("/api/v1/tasks/" + task).json().path("state").asString())
                    .isEqualTo("ACCEPTED");
        }
    }

    private void assertState(UUID task, String state) {
        await().untilAsserted(
                        () ->
                                assertThat(
                                                producer.get("/api/v1/tasks/" + task)
                                                        .json()
                                                        .path("state")
                                                        .asString())
                                        .isEqualTo(state));
    }

    private void cancel(UUID task) {
        assertThat(producer.post("/api/v1/tasks/" + task + "/cancel", "").status()).isEqualTo(200);
    }

    private void decide(UUID task, String decision, String body) {
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
        assertThat(producer.post("/api/v1/dead-letters/" + letter + "/" + decision, body).status())
                .isIn(200, 202);
    }
}
