package io.llmfleet.producer.pipeline.run;

import io.llmfleet.model.TaskState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task of a run, as far as it is known.
 *
 * @param request what is to be submitted; null once it was
 * @param state null until the task is final
 * @param output null unless it succeeded, and once it was erased
 */
public record CallRecord(
        CallKey key,
        UUID task,
        @Nullable JsonNode request,
        @Nullable TaskState state,
        @Nullable JsonNode output,
        @Nullable Problem problem,
        long tokens,
        BigDecimal cost,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    boolean succeeded() {
        return state == TaskState.SUCCEEDED;
    }
}
