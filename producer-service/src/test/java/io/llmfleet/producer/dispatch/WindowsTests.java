package io.llmfleet.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

        fleet.run(TIME);

        for (int i = 0; i < 200; i++) {
            assertThat(fleet.waits("t" + i)).as("t%d", i).hasSizeBetween(30, 60);
        }
    }

    @Test
    void tenantWhosePoolIsStuckHoldsNobodyBack() {
        SimulatedFleet fleet =
                new SimulatedFleet(AHEAD, 50, t -> t.equals("a") ? "stuck" : "free")
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
                new SimulatedFleet(AHEAD, 51, t -> t.equals("a") ? "slow" : "fast")
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

    private static SimulatedFleet onePool(int slots, long callMillis) {
        return new SimulatedFleet(AHEAD, slots, t -> "pool").pool("pool", slots, callMillis);
    }
}
