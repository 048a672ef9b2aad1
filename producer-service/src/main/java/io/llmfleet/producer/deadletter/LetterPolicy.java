package io.llmfleet.producer.deadletter;

import io.llmfleet.model.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are replayed without a person, and when.
 *
 * @param tenant whose letters; null for everybody's
 * @param type only of this one; null for every type
 * @param target only of tasks that named this one; null for every target
 * @param delay since the failure, or since the breaker closed
 * @param maxReplays of one task by policies
 * @param replayed how many letters it has replayed
 */
public record LetterPolicy(
        UUID id,
        @Nullable String tenant,
        FailureCode code,
        @Nullable String type,
        @Nullable String target,
        When when,
        Duration delay,
        int maxReplays,
        double perSecond,
        long replayed,
        Instant createdAt) {

    public static final Duration LONGEST_DELAY = Duration.ofDays(5);
    public static final int MOST_REPLAYS = 10;

    /** What has to be before the letters are replayed. */
    public enum When {
        /** A time has passed since they failed. */
        DELAY,
        /** The breaker of the backend that they failed at has closed since. */
        BREAKER_CLOSED
    }

    LetterFilter filter() {
        return LetterFilter.ALL
                .with(GroupBy.CODE, code.name())
                .with(GroupBy.TYPE, type)
                .with(GroupBy.TARGET, target);
    }
}
