package io.llmfleet.producer.pipeline.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a step came to so far.
 *
 * @param items of its list, found when it started; null where it has none
 * @param output once it succeeded; null where it was skipped
 */
public record StepRecord(
        String id,
        StepState state,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable JsonNode items,
        @Nullable JsonNode output,
        @Nullable Problem problem) {

    public static StepRecord pending(String id) {
        return new StepRecord(id, StepState.PENDING, null, null, null, null, null);
    }

    /** It had an output once. */
    boolean isErased() {
        return state == StepState.SUCCEEDED && output == null;
    }

    StepRecord started(StepState as, Instant now, @Nullable JsonNode items) {
        return new StepRecord(id, as, now, null, items, null, null);
    }

    public StepRecord succeeded(Instant now, JsonNode output) {
        return ended(StepState.SUCCEEDED, now, output, null);
    }

    StepRecord failed(Instant now, Problem problem) {
        return ended(StepState.FAILED, now, null, problem);
    }

    public StepRecord ended(
            StepState as, Instant now, @Nullable JsonNode output, @Nullable Problem problem) {
        Instant started = startedAt == null ? now : startedAt;
        return new StepRecord(id, as, started, now, items, output, problem);
    }

    /** It goes on with the list that it had. */
    StepRecord again(Instant now) {
        return items == null
                ? pending(id)
                : new StepRecord(id, StepState.RUNNING, now, null, items, null, null);
    }
}
