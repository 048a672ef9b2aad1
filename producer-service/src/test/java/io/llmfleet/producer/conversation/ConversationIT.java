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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Turns of conversations on a real broker and database. */
class ConversationIT {

    private static final String LIST = "/api/v1/conversations";

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

        Answer resumed = once(path() + "/resume");
        Answer again = once(path() + "/resume");

        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.header("Idempotency-Replayed")).isNull();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
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

    @Test
    void listsThoseWithTheLatestTurnFirst() {
        String user = producer.newKey("t-" + conversation, "user");
        UUID first = of(user, "a/b;c", "{\"onFailure\": \"halt\"}");
        worker.take(of(user, "z", "{}"));
        worker.fail(worker.take(first), FailureCode.BACKEND_ERROR);
        await().untilAsserted(
                        () -> assertThat(listed(user, "?halted=true")).containsExactly("a/b;c"));
        String next = list(user, "?limit=1").path("next").asString();

        assertThat(listed(user, "")).containsExactly("a/b;c", "z");
        assertThat(listed(user, "?limit=1&after=" + next)).containsExactly("z");
        assertThat(listed(user, "?halted=false")).containsExactly("z");
        assertThat(list(user, "?conversation=z").at("/items/0/state").asString())
                .isEqualTo("running");
        assertThat(list(user, "").has("next")).isFalse();
    }

    private Answer once(String path) {
        return producer.request(
                ProducerUnderTest.ADMIN,
                "POST",
                path,
                new byte[0],
                Map.of("Idempotency-Key", "once-" + conversation.hashCode()));
    }

    /** What a path cannot hold, a parameter can. */
    @Test
    void resumesAConversationOfAnyKey() {
        String key = "a/b;c%d\\\\e " + conversation;
        UUID first = id(post(key, "{\"onFailure\": \"halt\"}", "chat", "hello"));
        UUID second = id(post(key, "{}", "chat", "hello"));
        worker.fail(worker.take(first), FailureCode.BACKEND_ERROR);
        String of = "?conversation=" + encoded(key.replace("\\\\", "\\"));
        await().until(() -> state(producer.get(LIST + of).json()).equals("halted"));

        assertThat(once(LIST + "/resume" + of).status()).isEqualTo(200);

        assertThat(once(LIST + "/resume?conversation=other").status()).isEqualTo(422);
        worker.succeed(worker.take(second), "two");
        assertThat(producer.post(LIST + "/resume" + of, "").status()).isEqualTo(409);
        assertThat(producer.post(LIST + "/resume?conversation=none", "").status()).isEqualTo(404);
        assertThat(producer.post(LIST + "/resume", ""))
                .matches(a -> a.status() == 400 && a.blames("conversation", "a value"));
    }

    @Test
    void namesWhatIsWrongWithAList() {
        Answer answer = producer.get(LIST + "?halted=maybe&after=x&limit=0&tenant=t");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.blames("halted", "true, false")).isTrue();
        assertThat(answer.blames("after", "next of the page before")).isTrue();
        assertThat(answer.blames("limit", "1 to 500")).isTrue();
        assertThat(answer.blames("tenant", "unknown parameter")).isTrue();
    }

    private UUID of(String user, String key, String turn) {
        byte[] body = body(key, turn, "chat", "hello").getBytes(StandardCharsets.UTF_8);
        return id(producer.request(user, "POST", "/api/v1/tasks", body, Map.of()));
    }

    private JsonNode list(String user, String query) {
        return producer.request(user, "GET", LIST + query, null, Map.of()).json();
    }

    private List<String> listed(String user, String query) {
        return list(user, query)
                .path("items")
                .valueStream()
                .map(c -> c.path("conversation").asString())
                .toList();
    }

    private static String state(JsonNode page) {
        return page.at("/items/0/state").asString("");
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8);
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
        return post(conversation, turn, type, text);
    }

    private Answer post(String key, String turn, String type, String text) {
        return producer.post("/api/v1/tasks", body(key, turn, type, text));
    }

    private static String body(String key, String turn, String type, String text) {
        return """
                {"type": "%s", "conversation": "%s", "turn": %s, "input": {"messages": [
                 {"role": "system", "content": "Be brief."}, {"role": "user", "content": "%s"}]}}
                """
                .formatted(type, key, turn, text);
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
        return LIST + "/" + conversation;
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
