package io.llmfleet.producer.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the event stream says is shown, and what is wrong on it stops nothing. */
class EventIT {

    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"x\"}}";

    private static ProducerUnderTest producer;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.shared();
    }

    @Test
    void showsWhatItCanReadAndPassesOverTheRest() {
        UUID routed = sent();
        UUID poison = sent();
        UUID late = sent();
        UUID running = sent();

        publish(Event.ROUTED, Json.bytes(List.of(event(Event.ROUTED, routed, "default"))));
        publish(Event.RUNNING, new byte[0]);
        publish(Event.RUNNING, "[{\"kind\": ".getBytes());
        publish("moon-phase", Json.bytes(List.of(event("moon-phase", running, "default"))));
        publish(Event.WORKER, "{\"worker\": 7}".getBytes());
        publish(
                Event.RUNNING,
                Json.bytes(
                        List.of(
                                event(Event.RUNNING, poison, "def\0ault"),
                                event(Event.RUNNING, late, "default", Instant.MAX),
                                event(Event.RUNNING, running, "default"))));

        await().until(() -> state(running).equals("RUNNING"));
        assertThat(task(running).at("/route/pool").asString()).isEqualTo("default");
        assertThat(task(running).at("/times/startedAt").isMissingNode()).isFalse();
        await().until(() -> state(routed).equals("ROUTED"));
        assertThat(task(routed).at("/route/why").asString()).isEqualTo("rule");
        assertThat(state(poison)).isEqualTo("QUEUED");
    }

    @Test
    void olderNewsChangeNothing() {
        UUID task = sent();
        UUID marker = sent();
        publish(Event.RUNNING, Json.bytes(List.of(event(Event.RUNNING, task, "default"))));
        await().until(() -> state(task).equals("RUNNING"));

        publish(Event.ROUTED, Json.bytes(List.of(event(Event.ROUTED, task, "default"))));
        publish(Event.ROUTED, Json.bytes(List.of(event(Event.ROUTED, marker, "default"))));

        await().until(() -> state(marker).equals("ROUTED"));
        assertThat(state(task)).isEqualTo("RUNNING");
    }

    private static UUID sent() {
        UUID task = producer.submit(TASK);
        await().until(() -> state(task).equals("QUEUED"));
        return task;
    }

    private static void publish(String kind, byte[] body) {
        producer.publish(Exchanges.EVENTS, RoutingKeys.event(kind, "chat"), Map.of(), body);
    }

    private static Event event(String kind, UUID task, String pool) {
        return event(kind, task, pool, Instant.now());
    }

    private static Event event(String kind, UUID task, String pool, Instant at) {
        return new Event(kind, task, "chat", 1, 1, at, pool, null, "w", null, null, "rule");
    }

    private static JsonNode task(UUID id) {
        return producer.get("/api/v1/tasks/" + id).json();
    }

    private static String state(UUID id) {
        return task(id).get("state").asString();
    }
}
