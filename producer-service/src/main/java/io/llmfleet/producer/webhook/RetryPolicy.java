package io.llmfleet.producer.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what follows a try. */
final class RetryPolicy {

    private static final int GONE = 410;
    private static final Duration LONGEST_WISH = Duration.ofDays(1);

    /** So much a wait is longer or shorter at most, that those who failed together part. */
    private static final double JITTER = 0.2;

    private final List<Duration> waits;

    RetryPolicy(List<Duration> waits) {
        this.waits = List.copyOf(waits);
    }

    static boolean isDelivered(@Nullable Integer status) {
        return status != null && status >= 200 && status < 300;
    }

    /**
     * The wait before the next try; empty if it is given up.
     *
     * @param tries that were made
     * @param status of the last one; null if there was no answer
     * @param retryAfter that the answer asked for
     * @param chance from 0 to 1
     */
    Optional<Duration> wait(
            int tries, @Nullable Integer status, @Nullable Duration retryAfter, double chance) {
        if (tries > waits.size() || status != null && status == GONE) {
            return Optional.empty();
        }
        double factor = 1 + JITTER * (2 * chance - 1);
        Duration wait = Duration.ofMillis(Math.round(waits.get(tries - 1).toMillis() * factor));
        if (retryAfter != null && retryAfter.compareTo(wait) > 0) {
            wait = retryAfter.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : retryAfter;
        }
        return Optional.of(wait);
    }
}
