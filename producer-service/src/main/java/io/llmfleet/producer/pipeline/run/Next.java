package io.llmfleet.producer.pipeline.run;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is to be done for a run.
 *
 * @param state that it has now
 * @param output if it succeeded
 * @param problem if it failed
 * @param changed steps, as they are now
 * @param start tasks to be submitted
 * @param stop tasks that nobody needs any more, of steps that are over while the run is not
 * @param lookAt when something is due although nothing happens; null for never
 */
public record Next(
        RunState state,
        @Nullable JsonNode output,
        @Nullable Problem problem,
        List<StepRecord> changed,
        List<Start> start,
        List<UUID> stop,
        @Nullable Instant lookAt) {

    /** Nothing. */
    public static Next none(RunState state) {
        return new Next(state, null, null, List.of(), List.of(), List.of(), null);
    }

    /**
     * @param request of the task, its templates filled
     * @param deadline of the task
     */
    public record Start(CallKey key, JsonNode request, Instant deadline) {}
}
