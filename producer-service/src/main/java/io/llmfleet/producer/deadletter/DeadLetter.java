package io.llmfleet.producer.deadletter;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.FailureCode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One dead letter.
 *
 * @param kind a task that failed, or a message that could not be read
 * @param tenant null where a message does not say whose it is
 * @param source the queue or pool that it failed in
 * @param failures of each attempt, oldest first
 * @param size of the message's body in bytes; null for a task
 * @param target that the task named
 * @param model that tried it last
 * @param reason what its message has in common with others of the same failure
 * @param shape the structure of its input, without the values
 * @param copy the task that an edited copy of its input became
 * @param job the replay or discard of many that has taken it
 * @param policy the policy by which it was replayed
 */
public record DeadLetter(
        UUID id,
        Kind kind,
        State state,
        @Nullable String tenant,
        @Nullable UUID taskId,
        @Nullable String type,
        FailureCode code,
        String message,
        @Nullable String exceptionType,
        int attempts,
        List<AttemptFailure> failures,
        @Nullable String source,
        Instant firstFailedAt,
        Instant lastFailedAt,
        @Nullable Instant decidedAt,
        @Nullable String decisionReason,
        @Nullable Integer size,
        @Nullable String target,
        @Nullable String model,
        @Nullable String reason,
        @Nullable String shape,
        @Nullable UUID copy,
        @Nullable UUID job,
        @Nullable UUID policy) {

    /** What died. */
    public enum Kind {
        TASK,
        MESSAGE
    }

    /** What was decided about it. */
    public enum State {
        OPEN,
        REPLAYED,
        DISCARDED
    }
}
