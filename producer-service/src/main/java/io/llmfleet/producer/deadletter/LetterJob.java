package io.llmfleet.producer.deadletter;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A replay or discard of many letters.
 *
 * @param tenant whose letters; null for everybody's
 * @param filter which letters were meant, as a person reads it
 * @param reason of a discard
 * @param policy that began it; null if a person did
 * @param total letters that it took when it began
 * @param done replayed or discarded by it
 * @param skipped somebody else decided about them meanwhile; known at the end
 * @param failed they cannot be run, or nothing is left of their key's budget; they stay open
 * @param problem of the last one that failed
 */
public record LetterJob(
        UUID id,
        Kind kind,
        State state,
        @Nullable String tenant,
        Map<String, String> filter,
        @Nullable String reason,
        double perSecond,
        @Nullable UUID policy,
        int total,
        int done,
        int skipped,
        int failed,
        @Nullable String problem,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** What is decided. */
    public enum Kind {
        REPLAY,
        DISCARD
    }

    /** How far it is. */
    public enum State {
        RUNNING,
        DONE,
        CANCELLED
    }
}
