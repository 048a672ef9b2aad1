package io.llmfleet.producer.queue;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a task that waits is in line.
 *
 * @param position 1 is next
 * @param atLeast whether there may be more before it than were counted
 * @param expectedStart null where nothing is known of who will do it
 */
public record QueuePlace(long position, boolean atLeast, @Nullable Instant expectedStart) {

    private static final Duration NOT_WORTH_TELLING = Duration.ofSeconds(2);

    /** Whether someone who was told {@code other} should be told this. */
    public boolean isNewsAfter(QueuePlace other) {
        return position != other.position
                || atLeast != other.atLeast
                || moved(expectedStart, other.expectedStart);
    }

    private static boolean moved(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return (one == null) != (other == null);
        }
        return Duration.between(one, other).abs().compareTo(NOT_WORTH_TELLING) > 0;
    }
}
