package io.llmfleet.producer.limit;

import java.time.Duration;

/**
 * What is used of a limit per minute. More than the limit may be used: what tasks cost is known
 * when they are done; the minutes that follow then have that much less.
 *
 * @param used in this minute, with what is owed from minutes before
 * @param left of the minute
 */
public record Window(long limit, long used, Duration left) {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    public long remaining() {
        return Math.max(0, limit - used);
    }

    /** When nothing will be used any more if nothing else is asked for. */
    public Duration reset() {
        return used <= 0 ? Duration.ZERO : left.plus(MINUTE.multipliedBy((used - 1) / limit));
    }

    /**
     * When so much may be taken.
     *
     * @param wanted not more than the limit
     */
    public Duration waitFor(long wanted) {
        long over = used + wanted - limit;
        return over <= 0 ? Duration.ZERO : left.plus(MINUTE.multipliedBy((over - 1) / limit));
    }
}
