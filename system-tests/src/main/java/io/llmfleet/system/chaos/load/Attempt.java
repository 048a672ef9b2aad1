package io.llmfleet.system.chaos.load;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One task that was asked for, and what was answered.
 *
 * @param key unique; it is the task's text, so that every answer tells whose it is
 * @param taskId null where it is not known (AMQP clients never learn it before the result)
 * @param expected final states that keep the promise, by name
 * @param conversation tasks of one are to run in the order of their acceptance
 */
public record Attempt(
        String key,
        Way way,
        Answered answered,
        @Nullable String taskId,
        @Nullable Instant acceptedAt,
        Set<String> expected,
        @Nullable String conversation) {

    public static final Set<String> SUCCEEDS = Set.of("SUCCEEDED");

    /** The way in. */
    public enum Way {
        REST,
        BULK,
        AMQP
    }

    /** What the client knows. */
    public enum Answered {
        ACCEPTED,
        REFUSED,
        /** The connection broke, or the fleet failed, before there was an answer. */
        UNKNOWN
    }

    public boolean accepted() {
        return answered == Answered.ACCEPTED;
    }
}
