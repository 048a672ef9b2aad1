package io.llmfleet.producer.task;

import io.llmfleet.model.TaskState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The last that is known of a task on its way; a later epoch or attempt replaces an earlier one.
 */
public record Progress(
        UUID id,
        int epoch,
        int attempt,
        TaskState state,
        Instant at,
        @Nullable String pool,
        @Nullable String model,
        @Nullable String routeReason) {

    /** Whether this is later on the task's way than {@code other}. */
    public boolean isAfter(Progress other) {
        if (epoch != other.epoch) {
            return epoch > other.epoch;
        }
        if (attempt != other.attempt) {
            return attempt > other.attempt;
        }
        return state.number() > other.state.number()
                || state == other.state && at.isAfter(other.at);
    }
}
