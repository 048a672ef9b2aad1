package io.llmfleet.producer.task;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Failure;
import io.llmfleet.model.TaskState;
import io.llmfleet.model.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended, as a worker, the router or the reaper says; the first one that is stored wins.
 *
 * @param epoch of the message that led to it
 * @param queuedAt when the broker had the task, known once the outcome is stored
 * @param failures of all attempts, oldest first
 * @param result the JSON bytes of a {@link io.llmfleet.model.Result.Succeeded}, if it succeeded
 * @param deltas how many deltas the attempt that succeeded had
 */
@SuppressWarnings("ArrayRecordComponent")
public record FinalOutcome(
        UUID id,
        int epoch,
        TaskState state,
        int attempts,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        Instant finishedAt,
        @Nullable String pool,
        @Nullable String model,
        @Nullable String routeReason,
        @Nullable Failure failure,
        List<AttemptFailure> failures,
        byte @Nullable [] result,
        int deltas) {

    public FinalOutcome {
        if (!state.isFinal()) {
            throw new IllegalArgumentException(state + " is not a final state");
        }
        // As the store keeps it.
        finishedAt = finishedAt.truncatedTo(ChronoUnit.MILLIS);
    }

    /** One without deltas. */
    public FinalOutcome(
            UUID id,
            int epoch,
            TaskState state,
            int attempts,
            @Nullable Instant startedAt,
            Instant finishedAt,
            @Nullable String pool,
            @Nullable String model,
            @Nullable String routeReason,
            @Nullable Failure failure,
            List<AttemptFailure> failures,
            byte @Nullable [] result) {
        this(
                id,
                epoch,
                state,
                attempts,
                null,
                startedAt,
                finishedAt,
                pool,
                model,
                routeReason,
                failure,
                failures,
                result,
                0);
    }

    /** Input and output, those of attempts that came to nothing included. */
    public long tokensUsed() {
        return ModelUsage.of(this).stream()
                .map(ModelUsage::usage)
                .mapToLong(used -> used.inputTokens() + used.outputTokens())
                .sum();
    }

    /** What the attempt that ended it used; null where a backend did not say. */
    public @Nullable Usage lastUsage() {
        if (failure != null) {
            return failure.usage();
        }
        byte[] json = result;
        return json == null ? null : ModelUsage.measured(json);
    }

    /** What that cost. */
    public BigDecimal cost() {
        return ModelUsage.of(this).stream()
                .map(ModelUsage::cost)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    FinalOutcome queuedAt(@Nullable Instant time) {
        return new FinalOutcome(
                id,
                epoch,
                state,
                attempts,
                time,
                startedAt,
                finishedAt,
                pool,
                model,
                routeReason,
                failure,
                failures,
                result,
                deltas);
    }
}
