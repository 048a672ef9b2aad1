package io.llmfleet.producer.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.Events;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who follows a task is told each thing once, in order, whatever happens to task and reader. */
class TaskEventsIT {

    private static final String TASK =
            "{\"type\":\"chat\",\"input\":{\"text\":\"x\",\"stream\":true}}";

    private static ProducerUnderTest producer;
    private static Worker worker;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.shared();
        worker = new Worker(producer);
    }

    @Test
    void tellsStatesPiecesAndTheEnd() {
        UUID task = producer.submit(TASK);
        try (Events events = producer.follow(task, null)) {
            Envelope taken = worker.take(task);
            running(taken);
            await().until(() -> events.names().contains("state"));
            say(taken, 1, "Hello");
            say(taken, 2, ", world");
            succeed(taken, 2, "Hello, world");

            List<Events.Event> all = events.untilEnd();
            assertThat(text(all)).isEqualTo("Hello, world");
            assertThat(all.getLast().name()).isEqualTo("final");
            assertThat(all.getLast().json().get("state").asString()).isEqualTo("SUCCEEDED");
            assertThat(all.getLast().json().at("/result/output/text").asString())
                    .isEqualTo("Hello, world");
        }
    }

    @Test
    void whoComesLateGetsAllFromTheStart() {
        UUID task = producer.submit(TASK);
        Envelope taken = worker.take(task);
        say(taken, 1, "Hello");
        say(taken, 2, ", world");
        succeed(taken, 2, "Hello, world");
        await().until(() -> state(task).equals("SUCCEEDED"));

        try (Events events = producer.follow(task, null)) {
            assertThat(text(events.untilEnd())).isEqualTo("Hello, world");
            assertThat(events.names()).endsWith("final").doesNotContain("gap");
        }
    }

    @Test
    void goesOnBehindTheLastEventOnAnotherReplica() {
        UUID task = producer.submit(TASK);
        Envelope taken = worker.take(task);
        for (int seq = 1; seq <= 5; seq++) {
            say(taken, seq, seq + " ");
        }
        List<Events.Event> seen;
        try (Events events = producer.follow(task, null)) {
            await().until(() -> text(events.all()).equals("1 2 3 4 5 "));
            seen = new ArrayList<>(events.all());
        }

        try (ProducerUnderTest other = producer.replica();
                Events events = other.follow(task, seen.getLast().id())) {
            say(taken, 6, "6 ");
            succeed(taken, 6, "1 2 3 4 5 6 ");
            seen.addAll(events.untilEnd());
        }

        assertThat(text(seen)).isEqualTo("1 2 3 4 5 6 ");
        assertThat(seen.getLast().name()).isEqualTo("final");
    }

    @Test
    void anotherAttemptStartsAnew() {
        UUID task = producer.submit(TASK);
        try (Events events = producer.follow(task, null)) {
            Envelope first = worker.take(task);
            say(first, 1, "Half an ans");
            await().until(() -> text(events.all()).equals("Half an ans"));
            Envelope second =
                    first.nextAttempt(
                            new io.llmfleet.model.AttemptFailure(
                                    1,
                                    FailureCode.BACKEND_UNAVAILABLE,
                                    "gone",
                                    null,
                                    Instant.now(),
                                    "it",
                                    null));
            say(second, 1, "An answer");
            succeed(second, 1, "An answer");

            events.untilEnd();
            int restarted = events.names().indexOf("restarted");
            assertThat(restarted).isPositive();
            assertThat(text(events.all().subList(restarted, events.all().size())))
                    .isEqualTo("An answer");
            assertThat(events.names()).doesNotContain("gap");
        }
    }

    @Test
    void aLostPieceIsAGapAndTheEndHasTheWhole() {
        UUID task = producer.submit(TASK);
        try (Events events = producer.follow(task, null)) {
            Envelope taken = worker.take(task);
            say(taken, 1, "a");
            say(taken, 3, "c");
            succeed(taken, 3, "abc");

            events.untilEnd();
            assertThat(text(events.all())).isEqualTo("a");
            assertThat(events.names()).endsWith("gap", "final");
        }
    }

    @Test
    void aTaskWithoutPiecesEndsAtOnce() {
        UUID task = producer.submit(TASK);
        try (Events events = producer.follow(task, null)) {
            worker.fail(worker.take(task), FailureCode.BACKEND_REFUSED);

            events.untilEnd();
            assertThat(events.names()).endsWith("final").doesNotContain("delta", "gap");
            assertThat(events.all().getLast().json().at("/failure/code").asString())
                    .isEqualTo("BACKEND_REFUSED");
        }
    }

    @Test
    void whoHasSeenTheEndGetsNothingMore() {
        UUID task = producer.submit(TASK);
        succeed(worker.take(task), 0, "done");
        String last;
        try (Events events = producer.follow(task, null)) {
            last = events.untilEnd().getLast().id();
        }

        try (Events events = producer.follow(task, last)) {
            assertThat(events.status()).isEqualTo(204);
        }
    }

    @Test
    void refusesWhatIsNoPositionOfThisStream() {
        UUID task = producer.submit(TASK);

        Answer answer = events("/api/v1/tasks/" + task + "/events", "seven");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.blames("Last-Event-ID", "accepted")).isTrue();
    }

    @Test
    void anUnknownTaskHasNoEvents() {
        Answer answer = events("/api/v1/tasks/" + new UUID(1, 1) + "/events", "1.1.1");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.blames("id", "unknown")).isTrue();
    }

    private static Answer events(String path, String lastEventId) {
        return producer.request(
                ProducerUnderTest.ADMIN,
                "GET",
                path,
                null,
                Map.of("Accept", "text/event-stream", "Last-Event-ID", lastEventId));
    }

    private static void running(Envelope task) {
        Event event =
                new Event(
                        Event.RUNNING,
                        task.taskId(),
                        task.type(),
                        task.epoch(),
                        task.attempt(),
                        Instant.now(),
                        "default",
                        null,
                        "it",
                        null,
                        null,
                        null);
        producer.publish(
                Exchanges.EVENTS,
                RoutingKeys.event(Event.RUNNING, task.type()),
                Map.of(),
                Json.bytes(List.of(event)));
    }

    private static void say(Envelope task, int seq, String text) {
        Delta delta = new Delta(task.taskId(), task.epoch(), task.attempt(), seq, text, null);
        producer.publish(Exchanges.DELTAS, task.type(), Map.of(), Json.bytes(List.of(delta)));
    }

    private static void succeed(Envelope task, int deltas, String text) {
        Map<String, Object> headers = Worker.headers(task, RoutingKeys.SUCCEEDED);
        headers.put(Headers.LAST_SEQ, deltas);
        worker.publish(task, headers, RoutingKeys.SUCCEEDED, Worker.succeeded(text));
    }

    private static String text(List<Events.Event> events) {
        return events.stream()
                .filter(e -> "delta".equals(e.name()))
                .map(e -> e.json().get("text").asString())
                .collect(Collectors.joining());
    }

    private static String state(UUID task) {
        return producer.get("/api/v1/tasks/" + task).json().get("state").asString();
    }
}
