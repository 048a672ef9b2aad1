package io.llmfleet.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTests {

    private static final Duration AHEAD = Duration.ofMillis(400);
    private static final Duration BEGINNING = Duration.ofSeconds(20);
    private static final Duration TIME = Duration.ofSeconds(60);
    private static final int FLOOD = 50_000;

    @ParameterizedTest
    @CsvSource({
        "1, 5000, 0.95",
        "2, 2000, 0.95",
        "16, 1000, 0.95",
        "64, 10000, 0.97",
        "64, 200, 0.9",
        "200, 30000, 0.97",
        "32, 40, 0.75"
    })
    void floodKeepsAllSlotsBusy(int slots, long callMillis, double busy) {
        SimulatedFleet fleet = onePool(slots, callMillis);
        fleet.accept("a", FLOOD);
        fleet.run(BEGINNING);
        fleet.forget();

        fleet.run(TIME);

        assertThat(fleet.busy("pool", TIME)).isGreaterThan(busy);
    }

    /**
     * The longest 95th percentile is the time ahead, a quarter of a call, or a few calls of a small
     * fleet.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 5000, 20000",
        "2, 2000, 4000",
        "16, 1000, 700",
        "64, 10000, 3500",
        "64, 200, 600",
        "32, 40, 600"
    })
    void floodDelaysAnotherTenantsTaskOnlyByAPartOfACall(int slots, long callMillis, long longest) {
        SimulatedFleet fleet = onePool(slots, callMillis);
        fleet.accept("a", FLOOD);
        fleet.run(BEGINNING);

        for (int i = 0; i < 100; i++) {
            fleet.accept("b", 1);
            fleet.run(Duration.ofMillis(1_070 + 4 * callMillis / slots));
        }

        List<Long> waits = fleet.waits("b").stream().sorted().toList();
        assertThat(waits).hasSizeGreaterThan(90);
        assertThat(waits.get(waits.size() * 95 / 100)).isLessThanOrEqualTo(longest);
    }

    /** Half of the slots are busy in the mean; the rest is there for whoever comes. */
    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "2, false", "2, true", "8, false", "8, true"})
    void taskGoesAtOnceWhileThereAreFreeSlots(int tenants, boolean afterAFlood) {
        SimulatedFleet fleet = onePool(64, 1_000);
        if (afterAFlood) {
            fleet.accept("flood", 2_000);
            fleet.run(TIME);
        }
        Random arrivals = new Random(7);

        for (int i = 0; i < 2_000; i++) {
            fleet.accept("tenant" + arrivals.nextInt(tenants), 1);
            fleet.run(Duration.ofMillis(10L * arrivals.nextInt(7)));
        }

        List<Long> waits =
                IntStream.range(0, tenants)
                        .boxed()
                        .flatMap(t -> fleet.waits("tenant" + t).stream())
                        .sorted()
                        .toList();
        assertThat(waits).hasSizeGreaterThan(1_900);
        assertThat(waits.get(waits.size() * 95 / 100)).isLessThanOrEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"16, 1000", "64, 200", "4, 30000"})
    void workersThatDoNotSayWhatTheyRunAreKeptBusy(int slots, long callMillis) {
        SimulatedFleet fleet = onePool(slots, callMillis).silent();
        fleet.accept("a", FLOOD);
        fleet.run(BEGINNING);
        fleet.forget();

        fleet.run(TIME);

        assertThat(fleet.busy("pool", TIME)).isGreaterThan(0.95);
    }

    @Test
    void tenantsWithBacklogsGetTheSame() {
        SimulatedFleet fleet = onePool(16, 500);
        fleet.accept("a", FLOOD);
        fleet.run(BEGINNING);
        fleet.accept("b", FLOOD);
        fleet.accept("c", 300);
        fleet.run(BEGINNING);
        fleet.forget();

        fleet.run(TIME);

        int a = fleet.waits("a").size();
        int b = fleet.waits("b").size();
        assertThat(a).isBetween(b * 4 / 5, b * 5 / 4);
        assertThat(fleet.busy("pool", TIME)).isGreaterThan(0.95);
    }

    @Test
    void noneOfTwoHundredTenantsStarves() {
        SimulatedFleet fleet = onePool(16, 100);
        for (int i = 0; i < 200; i++) {
            fleet.accept("t" + i, 200);
        }
        fleet.run(TIME.dividedBy(2));
        fleet.forget();

        fleet.run(TIME);

        for (int i = 0; i < 200; i++) {
            assertThat(fleet.waits("t" + i)).as("t%d", i).hasSizeBetween(30, 60);
        }
    }

    @Test
    void tenantWhosePoolIsStuckHoldsNobodyBack() {
        SimulatedFleet fleet =
                new SimulatedFleet(
                                AHEAD,
                                50,
                                (lane, n) -> lane.tenant().equals("a") ? "stuck" : "free")
                        .pool("stuck", 0, 1_000)
                        .pool("free", 50, 1_000);
        fleet.accept("a", FLOOD);
        fleet.run(BEGINNING);
        fleet.accept("b", FLOOD);
        fleet.run(BEGINNING);
        fleet.forget();

        fleet.run(TIME);

        assertThat(fleet.busy("free", TIME)).isGreaterThan(0.95);
    }

    @Test
    void slowPoolOfOneTenantHoldsNobodyBack() {
        SimulatedFleet fleet =
                new SimulatedFleet(
                                AHEAD, 51, (lane, n) -> lane.tenant().equals("a") ? "slow" : "fast")
                        .pool("slow", 1, 5_000)
                        .pool("fast", 50, 1_000);
        fleet.accept("a", FLOOD);
        fleet.accept("b", FLOOD);
        fleet.run(BEGINNING);
        fleet.forget();

        fleet.run(TIME);

        assertThat(fleet.busy("fast", TIME)).isGreaterThan(0.95);
        assertThat(fleet.busy("slow", TIME)).isGreaterThan(0.9);
    }

    @Test
    void tenantsWithBacklogsGetTheSameHoweverManyTypesTheySend() {
        SimulatedFleet fleet = onePool(16, 500);
        for (int i = 0; i < 8; i++) {
            fleet.accept("a", "type" + i, FLOOD / 8);
        }
        fleet.accept("b", FLOOD);
        fleet.run(BEGINNING);
        fleet.forget();

        fleet.run(TIME);

        int a = fleet.waits("a").size();
        int b = fleet.waits("b").size();
        assertThat(a).isBetween(b * 4 / 5, b * 5 / 4);
    }

    @Test
    void typeThatNobodyTakesHoldsNoOtherTypeBack() {
        SimulatedFleet fleet =
                new SimulatedFleet(
                                AHEAD,
                                50,
                                (lane, n) -> lane.type().equals("image") ? "stuck" : "free")
                        .pool("stuck", 0, 1_000)
                        .pool("free", 50, 1_000);
        fleet.accept("a", "image", FLOOD);
        fleet.run(BEGINNING);
        fleet.accept("a", FLOOD);
        fleet.run(BEGINNING);
        fleet.forget();

        fleet.run(TIME);

        assertThat(fleet.busy("free", TIME)).isGreaterThan(0.95);
    }

    /** The router sends its tasks elsewhere some seconds later. */
    @ParameterizedTest
    @ValueSource(longs = {100, 3_000, 30_000})
    void poolThatDiesUnderWorkHoldsNobodyBackForLong(long callMillis) {
        var heard = new AtomicBoolean();
        SimulatedFleet fleet =
                new SimulatedFleet(
                                AHEAD,
                                24,
                                (lane, n) -> n % 2 == 0 && !heard.get() ? "dying" : "living")
                        .pool("dying", 8, callMillis)
                        .pool("living", 16, callMillis);
        for (int i = 0; i < 60; i++) {
            fleet.accept("a", (int) (20_000 / callMillis) + 1);
            fleet.run(Duration.ofSeconds(1));
        }
        fleet.kill("dying");
        for (int i = 0; i < 60; i++) {
            heard.compareAndSet(false, i >= 10);
            fleet.accept("a", (int) (20_000 / callMillis) + 1);
            fleet.run(Duration.ofSeconds(1));
        }
        fleet.forget();

        for (int i = 0; i < 60; i++) {
            fleet.accept("a", (int) (20_000 / callMillis) + 1);
            fleet.run(Duration.ofSeconds(1));
        }

        assertThat(fleet.busy("living", TIME)).isGreaterThan(0.95);
    }

    /** Half of a lane's tasks ask for a model that no worker has. */
    @Test
    void tasksThatNobodyTakesSlowTheRestOfTheirLaneDownAndNeverStopIt() {
        SimulatedFleet fleet =
                new SimulatedFleet(AHEAD, 50, (lane, n) -> n % 2 == 0 ? "stuck" : "free")
                        .pool("stuck", 0, 1_000)
                        .pool("free", 50, 1_000);
        fleet.accept("a", FLOOD);

        fleet.run(TIME);
        fleet.forget();
        fleet.run(TIME);

        assertThat(fleet.waits("a")).hasSizeGreaterThan(100);
    }

    @Test
    void oneSlotOfLongCallsIsSharedThoughEachTaskWaitsLong() {
        SimulatedFleet fleet = onePool(1, 60_000);
        fleet.accept("a", FLOOD);
        fleet.accept("b", FLOOD);
        fleet.run(Duration.ofMinutes(10));
        fleet.accept("c", 1);

        fleet.run(Duration.ofMinutes(10));

        assertThat(fleet.waits("c")).hasSize(1);
    }

    private static SimulatedFleet onePool(int slots, long callMillis) {
        return new SimulatedFleet(AHEAD, slots, (lane, n) -> "pool")
                .pool("pool", slots, callMillis);
    }
}
