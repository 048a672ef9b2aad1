package io.llmfleet.producer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.producer.Answer;
import io.llmfleet.producer.Events;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Envelope;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A replica, the only one, that is asked to stop while callers wait for their answers; this test
 * plays the worker. Whatever they get, it is a whole answer.
 */
class StoppingProducerIT {

    private static final String TASKS = "/api/v1/tasks";
    private static final String CHAT = "/v1/chat/completions";
    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"hello\"}}";
    private static final String ASKED =
            "{\"model\":\"model-it\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String STREAMED =
            ASKED.replace("{\"model\"", "{\"stream\":true,\"model\"");
    private static final String BACKGROUND =
            "{\"model\":\"model-it\",\"input\":\"hello\",\"stream\":true}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<UUID> seen = new HashSet<>();
    private ProducerUnderTest producer;
    private Worker worker;
    private CompletableFuture<Void> stopped;

    /** A call that has not been answered, and its task as the worker has it. */
    private record Waiting(Envelope task, CompletableFuture<Answer> answer) {

        Answer get() {
            return answer.join();
        }
    }

    @BeforeEach
    void start() {
        producer =
                ProducerUnderTest.start(
                        "--spring.lifecycle.timeout-per-shutdown-phase=12s",
                        "--fleet.stop.notice=3s",
                        "--fleet.stream.keep-alive=1m");
        worker = new Worker(producer);
    }

    @AfterEach
    void stop() {
        if (stopped == null) {
            producer.close();
        } else {
            stopped.join();
        }
        http.close();
    }

    @Test
    void whoseResultComesInTimeGetsItAndTheOthersAreToldCleanly() {
        Waiting rest = call(TASKS, TASK);
        Waiting restTooLate = call(TASKS, TASK);
        Waiting chat = call(CHAT, ASKED);
        Waiting chatTooLate = call(CHAT, ASKED);
        Waiting stream = call(CHAT, STREAMED);
        Waiting streamBegun = call(CHAT, STREAMED);
        Waiting streamTooLate = call(CHAT, STREAMED);
        Waiting response = call("/v1/responses", BACKGROUND);
        worker.say(streamBegun.task(), 1, "Hel");

        stopWhileTheConnectionIsUsed();
        for (Waiting answered : List.of(rest, chat, stream)) {
            worker.succeed(answered.task(), 0, Worker.completion("Hello!", "stop"));
        }

        assertThat(rest.get().json().path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(chat.get().response().body()).contains("Hello!");
        assertThat(stream.get().response().body()).contains("Hello!").contains("[DONE]");
        assertThat(restTooLate.get().status()).isEqualTo(202);
        assertThat(restTooLate.get().header("Location")).contains(restTooLate.task().taskId() + "");
        assertThat(streamBegun.get().response().body())
                .contains("Hel", "replica_stopping")
                .doesNotContain("[DONE]");
        assertThat(response.get().response().body()).contains("replica_stopping");
        for (Waiting refused : List.of(chatTooLate, streamTooLate)) {
            assertThat(refused.get().status()).isEqualTo(503);
            assertThat(refused.get().header("Retry-After")).isEqualTo("1");
            assertThat(refused.get().response().body()).contains("replica_stopping");
        }
        for (Waiting each : List.of(rest, restTooLate, chat, chatTooLate, streamTooLate)) {
            assertThat(each.get().header("Connection")).isEqualTo("close");
        }
        theyGoOn(List.of(chatTooLate, streamTooLate, streamBegun, response));
    }

    /** Nobody asked for their tasks with a key, and yet none is cancelled. */
    private void theyGoOn(List<Waiting> calls) {
        stopped.join();
        try (ProducerUnderTest next = producer.replica()) {
            for (Waiting call : calls) {
                new Worker(next).succeed(call.task(), 0, Worker.completion("Hello!", "stop"));
                String task = TASKS + "/" + call.task().taskId();
                await().untilAsserted(
                                () ->
                                        assertThat(next.get(task).json().path("state").asString())
                                                .isEqualTo("SUCCEEDED"));
            }
        }
    }

    @Test
    void followersAreSentOnAtOnce() {
        Waiting followed = call(TASKS, TASK);
        Events events = producer.follow(followed.task().taskId(), null);
        events.first(1);

        stopWhileTheConnectionIsUsed();

        assertThat(events.untilEnd()).extracting(Events.Event::name).doesNotContain("final");
        assertThat(followed.answer()).isNotDone();
        worker.succeed(followed.task(), 0, Worker.completion("Hello!", "stop"));
        assertThat(followed.get().json().path("state").asString()).isEqualTo("SUCCEEDED");
    }

    /**
     * Returns when the users of two connections, one after the other, have been told to close them,
     * by good answers. One alone says little: the web server ends any connection after its
     * hundredth request.
     */
    private void stopWhileTheConnectionIsUsed() {
        HttpRequest look = request(TASKS + "?limit=1").build();
        assertThat(send(look).join().header("Connection")).isNull();
        // Not in the common pool, which the client needs for its answers.
        stopped = CompletableFuture.runAsync(producer::close, Thread::startVirtualThread);
        int closed = 0;
        while (closed < 2) {
            Answer answer = send(look).join();
            assertThat(answer.status()).isEqualTo(200);
            closed = "close".equals(answer.header("Connection")) ? closed + 1 : 0;
        }
    }

    private Waiting call(String path, String body) {
        producer.announceWorker(Worker.MODEL);
        CompletableFuture<Answer> answer =
                send(
                        request(path)
                                .setHeader("Prefer", "wait=60")
                                .setHeader("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build());
        return new Waiting(worker.take(nextTask()), answer);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(producer.url() + path))
                .setHeader("Authorization", "Bearer " + ProducerUnderTest.ADMIN);
    }

    /** Fails where the answer does not come whole. */
    private CompletableFuture<Answer> send(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(Answer::new);
    }

    private UUID nextTask() {
        return await().until(
                        () ->
                                producer.get(TASKS + "?limit=50")
                                        .json()
                                        .path("items")
                                        .valueStream()
                                        .map(t -> UUID.fromString(t.path("id").asString()))
                                        .filter(seen::add)
                                        .findFirst()
                                        .orElse(null),
                        id -> id != null);
    }
}
