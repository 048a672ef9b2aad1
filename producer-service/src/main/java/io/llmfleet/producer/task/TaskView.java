package io.llmfleet.producer.task;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Failure;
import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task as the store knows it.
 *
 * @param attempts how many attempts were started, as far as it is known
 * @param parent that delegated it; null for none
 * @param failures of the attempts that failed, once the task is final
 * @param result the JSON bytes of a {@link io.llmfleet.model.Result.Succeeded}; null before, and in
 *     lists
 * @param deltas how many deltas the attempt that succeeded had
 */
@SuppressWarnings("ArrayRecordComponent")
public record TaskView(
        UUID id,
        String tenant,
        String type,
        String target,
        Priority priority,
        TaskState state,
        int epoch,
        int attempts,
        Instant createdAt,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        Instant deadline,
        Duration callLimit,
        @Nullable String conversation,
        Map<String, String> metadata,
        @Nullable UUID batch,
        @Nullable UUID parent,
        @Nullable String pool,
        @Nullable String model,
        @Nullable String routeReason,
        @Nullable Failure failure,
        List<AttemptFailure> failures,
        byte @Nullable [] result,
        int deltas) {

    /** The task as it is after this outcome of it was stored. */
    public TaskView ended(FinalOutcome outcome) {
        return new TaskView(
                id,
                tenant,
                type,
                target,
                priority,
                outcome.state(),
                outcome.epoch(),
                outcome.attempts(),
                createdAt,
                outcome.queuedAt(),
                outcome.startedAt(),
                outcome.finishedAt(),
                deadline,
                callLimit,
                conversation,
                metadata,
                batch,
                parent,
                outcome.pool(),
                outcome.model(),
                outcome.routeReason(),
                outcome.failure(),
                outcome.failures(),
                outcome.result(),
                outcome.deltas());
    }
}
