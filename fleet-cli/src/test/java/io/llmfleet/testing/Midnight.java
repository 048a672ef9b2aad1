package io.llmfleet.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** Days end at midnight UTC: what a test counts by the day must not fall into two of them. */
public final class Midnight {

    private static final LocalTime NEAR = LocalTime.of(23, 59);

    private Midnight() {}

    /** Returns at once, or in the last minute of a day when the next has begun. */
    public static void keepAway() {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> LocalTime.now(ZoneOffset.UTC).isBefore(NEAR));
    }
}
