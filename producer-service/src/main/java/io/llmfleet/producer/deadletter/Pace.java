package io.llmfleet.producer.deadletter;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides how many may be taken now of what is taken at a rate. What was missed is caught up with
 * for a second at most, so within any time there are never more than the rate allows and one
 * second's more.
 *
 * @param perSecond more than 0
 */
record Pace(double perSecond) {

    static final double LEAST = 0.01;
    static final double MOST = 1000;

    /** Bounds how long one transaction takes. */
    private static final int MOST_AT_ONCE = 50;

    private static final Duration CATCH_UP = Duration.ofSeconds(1);

    /**
     * How many are due.
     *
     * @param paidUntil when the next one is due after them
     */
    record Due(int number, Instant paidUntil) {}

    Due due(Instant paidUntil, Instant now) {
        if (paidUntil.isAfter(now)) {
            return new Due(0, paidUntil);
        }
        Instant earliest = now.minus(CATCH_UP);
        Instant from = paidUntil.isBefore(earliest) ? earliest : paidUntil;
        double missed = Duration.between(from, now).toNanos() / 1e9 * perSecond;
        int number = (int) Math.min(MOST_AT_ONCE, 1 + Math.floor(missed));
        return new Due(number, from.plusNanos(Math.round(number / perSecond * 1e9)));
    }
}
