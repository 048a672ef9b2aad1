package io.llmfleet.producer.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.awaitility.Awaitility.await;

import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The capacity as callers see it, read from the store and heard from workers. */
class CapacityIT {

    private static ProducerUnderTest producer;
    private static Worker worker;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.start();
        worker = new Worker(producer);
    }

    @AfterAll
    static void close() {
        producer.close();
    }

    @Test
    void saysWhatCameWasDoneAndWaits() {
        announce(4);
        UUID done = submit();
        UUID open = submit();
        Instant before = Instant.now();
        finish(worker.take(done), Duration.ofSeconds(2));
        await().until(() -> pool().path("processingRate").asDouble() > 0);

        JsonNode pool = pool();

        assertThat(pool.path("arrivalRate").asDouble() * 60)
                .as("the one that is not routed yet, too")
                .isCloseTo(2, offset(1e-6));
        assertThat(pool.path("queueLength").asInt()).isEqualTo(1);
        assertThat(pool.path("processingRate").asDouble() * 60).isCloseTo(1, offset(1e-6));
        assertThat(pool.path("serviceTime").asDouble())
                .isGreaterThanOrEqualTo(2)
                .isLessThan(2 + Duration.between(before, Instant.now()).toMillis() / 1000.0);
        assertThat(pool.path("priorities").path(0).path("priority").asString()).isEqualTo("normal");
        worker.succeed(worker.take(open), "done");
        await().until(() -> pool().path("queueLength").asInt() == 0);
        assertThat(pool().path("little").path("ratio").asDouble()).isPositive();
    }

    @Test
    void answersWhatWouldBeIf() {
        JsonNode whatIf = capacity("?rate=0.8&slots=1&serviceTime=1&cv=1&wait=0.5").path("whatIf");

        assertThat(whatIf.path("utilisation").asDouble()).isCloseTo(0.8, offset(1e-9));
        assertThat(whatIf.path("meanWait").asDouble()).isCloseTo(4, offset(1e-9));
        assertThat(whatIf.path("queueLength").asDouble()).isCloseTo(4, offset(1e-9));
        assertThat(whatIf.path("slotsNeeded").asInt()).isEqualTo(2);
    }

    @Test
    void moreThanCanBeDoneIsUnstableWithoutWaits() {
        JsonNode whatIf = capacity("?rate=9&slots=2&serviceTime=1&cv=0").path("whatIf");

        assertThat(whatIf.path("stable").asBoolean()).isFalse();
        assertThat(whatIf.has("meanWait")).isFalse();
    }

    @Test
    void namesWhatIsWrongAndWhatIsMissing() {
        Answer wrong = ask("?rate=-1&slots=none&window=5&colour=red");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong)
                .matches(a -> a.blames("rate", "0 to 1000000"))
                .matches(a -> a.blames("slots", "1 to 100000"))
                .matches(a -> a.blames("window", "10 to 3600"))
                .matches(a -> a.blames("colour", "accepted: window"));
        Answer unknown = ask("?pool=nobody&rate=1");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown).matches(a -> a.blames("slots", "no live worker"));
    }

    private static UUID submit() {
        return producer.submit("{\"type\": \"chat\", \"input\": {\"text\": \"Hello!\"}}");
    }

    /** As if it had started that long ago. */
    private static void finish(Envelope task, Duration ago) {
        Map<String, Object> headers = Worker.headers(task, RoutingKeys.SUCCEEDED);
        headers.put(Headers.STARTED_AT, Instant.now().minus(ago).toEpochMilli());
        worker.publish(task, headers, RoutingKeys.SUCCEEDED, Worker.succeeded("done"));
    }

    private static void announce(int slots) {
        WorkerInfo info =
                new WorkerInfo(
                        "it",
                        "default",
                        List.of(Worker.MODEL),
                        List.of("chat"),
                        slots,
                        0,
                        List.of(),
                        false,
                        Instant.now(),
                        Instant.now());
        producer.publish(
                Exchanges.EVENTS,
                RoutingKeys.event(Event.WORKER, "any"),
                Map.of(),
                Json.bytes(info));
        await().until(() -> pool().path("slots").asInt() == slots);
    }

    private static JsonNode pool() {
        return capacity("?window=60&pool=default").path("pools").path(0);
    }

    private static JsonNode capacity(String query) {
        return ask(query).json();
    }

    private static Answer ask(String query) {
        return producer.get("/api/v1/capacity" + query);
    }
}
