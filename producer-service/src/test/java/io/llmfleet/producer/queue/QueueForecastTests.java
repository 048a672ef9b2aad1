package io.llmfleet.producer.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Priority;
import io.llmfleet.wire.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueForecastTests {

    @ParameterizedTest
    @CsvSource({
        // position, free slots, tasks per second: milliseconds
        "1,     0, 2,       500",
        "4,     0, 2,       2000",
        "10001, 0, 10,      1000100",
        "1,     1, 2,       0",
        "3,     3, 2,       0",
        "4,     3, 2,       500",
        "1,     9, 2,       0",
        "1,     0, 0.00000001, 31536000000",
    })
    void waitsForAsManyDeparturesAsAreBeforeIt(
            long position, int free, double perSecond, long millis) {
        assertThat(QueueForecast.meanWait(position, new Capacity(free, perSecond)))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // target, pool of the task: tasks per second of those that serve it
                "any,   -,    5.0", // a and b
                "any,   a,    4.0",
                "a,     -,    4.0",
                "m-b,   -,    1.0",
                "any,   c,    -",
                "m-c,   -,    -",
            })
    void countsTheWorkersThatServeTheTask(String target, @Nullable String pool, Double perSecond) {
        List<WorkerInfo> live =
                List.of(
                        worker("a", "m-a", 4, 0, 1000.0, List.of()),
                        worker("b", "m-b", 2, 0, 2000.0, List.of()));

        assertThat(Capacity.of(waiter("chat", target, pool), live).map(Capacity::perSecond))
                .isEqualTo(java.util.Optional.ofNullable(perSecond));
    }

    @Test
    void countsNoWorkerThatLacksTheTypeOrWhoseModelsArePaused() {
        List<WorkerInfo> live =
                List.of(
                        worker("a", "m-a", 4, 0, 1000.0, List.of("m-a")),
                        worker("b", "m-b", 2, 0, 2000.0, List.of()));

        assertThat(Capacity.of(waiter("chat", "any", null), live)).contains(new Capacity(2, 1.0));
        assertThat(Capacity.of(waiter("embed", "any", null), live)).isEmpty();
    }

    @Test
    void takesAWorkerThatHasDoneNothingForAnAverageOne() {
        List<WorkerInfo> live =
                List.of(
                        worker("a", "m", 1, 1, 500.0, List.of()),
                        worker("a", "m", 1, 0, null, List.of()));

        assertThat(Capacity.of(waiter("chat", "any", "a"), live)).contains(new Capacity(1, 4.0));
    }

    @Test
    void knowsNothingWhileNoWorkerHasDoneATask() {
        List<WorkerInfo> live = List.of(worker("a", "m", 1, 0, null, List.of()));

        assertThat(Capacity.of(waiter("chat", "any", "a"), live)).isEmpty();
        assertThat(Capacity.of(waiter("chat", "any", "a"), List.of())).isEmpty();
    }

    private static Waiter waiter(String type, String target, @Nullable String pool) {
        return new Waiter(UUID.randomUUID(), "acme", type, target, Priority.NORMAL, pool);
    }

    private static WorkerInfo worker(
            String pool,
            String model,
            int slots,
            int running,
            @Nullable Double taskMillis,
            List<String> paused) {
        Instant now = Instant.now();
        return new WorkerInfo(
                "w-" + pool,
                pool,
                List.of(model),
                List.of("chat"),
                slots,
                running,
                paused,
                false,
                now,
                now,
                taskMillis);
    }
}
