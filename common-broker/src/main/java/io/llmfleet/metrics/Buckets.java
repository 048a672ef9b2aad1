package io.llmfleet.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Upper bounds of histogram buckets, close where it matters whether a goal is met. */
public enum Buckets {

    /** Steps of the fleet itself, which take milliseconds. */
    STEP(1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 30_000),

    /** Calls of backends, up to the longest call limit that is usual. */
    CALL(
            5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000,
            300_000, 600_000),

    /** What a user waits for, up to the deadline that is usual. */
    WAIT(
            5,
            10,
            25,
            50,
            100,
            250,
            500,
            1_000,
            2_500,
            5_000,
            10_000,
            30_000,
            60_000,
            300_000,
            1_800_000,
            7_200_000,
            86_400_000);

    private final long[] millis;

    Buckets(long... millis) {
        this.millis = millis;
    }

    List<Duration> bounds() {
        return Arrays.stream(millis).mapToObj(Duration::ofMillis).toList();
    }
}
