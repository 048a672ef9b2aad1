package io.llmfleet.producer.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.llmfleet.producer.Answer;
import io.llmfleet.producer.Events;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.WorkerInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A task's place in line, and when it may start, as callers see it. */
class QueueIT {

    private static ProducerUnderTest producer;
    private static ProducerUnderTest replica;
    private static Worker worker;

    @BeforeAll
    static void start() {
        String targets = "--fleet.targets.others=a,b,c,d,e,f,h";
        producer = ProducerUnderTest.start(targets);
        replica = producer.replica(targets);
        worker = new Worker(producer);
    }

    @AfterAll
    static void close() {
        replica.close();
        producer.close();
    }

    @Test
    void movesUpAsTasksBeforeItEnd() {
        UUID first = submit("a", "normal");
        UUID second = submit("a", "normal");
        UUID third = submit("a", "normal");

        await().until(() -> position(producer, third) == 3);
        assertThat(position(replica, third)).isEqualTo(3);
        assertThat(position(producer, first)).isEqualTo(1);

        succeed(first);
        await().until(() -> position(producer, third) == 2);
        succeed(second);
        await().until(() -> position(producer, third) == 1);
        await().until(() -> position(replica, third) == 1);
    }

    @Test
    void goesBehindHigherPrioritiesOfTheSameTarget() {
        UUID normal = submit("b", "normal");
        UUID high = submit("b", "high");
        UUID low = submit("b", "low");
        submit("h", "high");

        await().until(() -> position(producer, low) == 3);
        await().until(() -> position(producer, normal) == 2);
        assertThat(position(producer, high)).isEqualTo(1);
    }

    @Test
    void sharesALineWithWhatWasRoutedToTheSamePool() {
        UUID other = submit("c", "normal");
        UUID mine = submit("d", "normal");
        await().until(() -> position(producer, mine) == 1);

        tell(Event.ROUTED, other, "shared");
        tell(Event.ROUTED, mine, "shared");

        await().until(() -> position(producer, mine) == 2);
    }

    @Test
    void startedFinalAndListedTasksHaveNone() {
        UUID running = submit("e", "normal");
        UUID done = submit("e", "normal");
        assertThat(task(running).has("queue")).isTrue();
        JsonNode listed = producer.get("/api/v1/tasks?target=e").json().get("items");
        assertThat(listed).hasSize(2).noneMatch(t -> t.has("queue"));

        tell(Event.RUNNING, running, "default");
        succeed(done);

        await().until(() -> task(running).path("state").asString().equals("RUNNING"));
        assertThat(task(running).has("queue")).isFalse();
        await().until(() -> task(done).path("state").asString().equals("SUCCEEDED"));
        assertThat(task(done).has("queue")).isFalse();
    }

    @Test
    void expectsTheStartByTheSlotsAndTimesOfLiveWorkers() {
        submit("f", "normal");
        UUID second = submit("f", "normal");
        assertThat(task(second).at("/queue/expectedStart").isMissingNode()).isTrue();

        announce("f", 2, 2, 60_000.0);

        // Two departures from two slots that take a minute each.
        await().until(() -> !task(second).at("/queue/expectedStart").isMissingNode());
        Instant expected = Instant.parse(task(second).at("/queue/expectedStart").asString());
        assertThat(expected)
                .isCloseTo(Instant.now().plusSeconds(60), within(5, ChronoUnit.SECONDS));
    }

    @Test
    void readersWhoAskAreToldWhenTheirPlaceChanges() {
        UUID first = submit("any", "normal");
        UUID second = submit("any", "normal");
        await().until(() -> position(producer, second) >= 2);
        long before = position(producer, second);
        try (Events asked = producer.follow(second, null, "?queue=true");
                Events plain = producer.follow(second, null)) {
            await().until(() -> places(asked).equals(List.of(before)));

            succeed(first);
            await().until(() -> places(asked).equals(List.of(before, before - 1)));
            succeed(second);

            assertThat(asked.untilEnd().getLast().name()).isEqualTo("final");
            assertThat(asked.all())
                    .filteredOn(e -> e.name().equals("queue"))
                    .allMatch(e -> e.id() == null);
            plain.untilEnd();
            assertThat(plain.names()).doesNotContain("queue");
        }
    }

    @Test
    void othersAreNotTold() {
        UUID mine = submit("any", "normal");
        String key = producer.newKey("other", "user");

        assertThat(status(key, "/api/v1/tasks/" + mine)).isEqualTo(404);
        assertThat(status(key, "/api/v1/tasks/" + mine + "/events?queue=true")).isEqualTo(404);
        Answer refused = producer.get("/api/v1/tasks/" + mine + "/events?queue=maybe");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.blames("queue", "true or false")).isTrue();
    }

    private static int status(String key, String path) {
        return producer.request(key, "GET", path, null, Map.of()).status();
    }

    private static UUID submit(String target, String priority) {
        return producer.submit(
                "{\"type\":\"chat\",\"input\":{\"text\":\"x\"},\"target\":\""
                        + target
                        + "\",\"priority\":\""
                        + priority
                        + "\"}");
    }

    private static void succeed(UUID task) {
        Envelope taken = worker.take(task);
        worker.succeed(taken, "done");
    }

    private static JsonNode task(UUID id) {
        return producer.get("/api/v1/tasks/" + id).json();
    }

    private static long position(ProducerUnderTest of, UUID task) {
        return of.get("/api/v1/tasks/" + task).json().at("/queue/position").asLong(0);
    }

    private static List<Long> places(Events events) {
        return events.all().stream()
                .filter(e -> e.name().equals("queue"))
                .map(e -> e.json().get("position").asLong())
                .toList();
    }

    private static void tell(String kind, UUID task, String pool) {
        Event event =
                new Event(
                        kind, task, "chat", 1, 1, Instant.now(), pool, null, "w", null, null, "it");
        producer.publish(
                Exchanges.EVENTS,
                RoutingKeys.event(kind, "chat"),
                Map.of(),
                Json.bytes(List.of(event)));
    }

    private static void announce(String model, int slots, int running, double taskMillis) {
        Instant now = Instant.now();
        WorkerInfo info =
                new WorkerInfo(
                        "worker-" + model,
                        "pool-" + model,
                        List.of(model),
                        List.of("chat"),
                        slots,
                        running,
                        List.of(),
                        false,
                        now,
                        now,
                        taskMillis);
        producer.publish(
                Exchanges.EVENTS,
                RoutingKeys.event(Event.WORKER, "any"),
                Map.of(),
                Json.bytes(info));
    }
}
