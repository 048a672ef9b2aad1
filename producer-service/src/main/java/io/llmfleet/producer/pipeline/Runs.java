package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.pipeline.run.RunState;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The facade of runs; another tenant's run is none. */
public interface Runs {

    /** What came of a wish. */
    enum Outcome {
        DONE,
        UNKNOWN,
        /** The run, or its step, is in no state for it. */
        CONFLICT
    }

    /** What an input breaks of the pipeline's schema; empty if it fits. */
    List<String> checkInput(StoredPipeline pipeline, JsonNode input);

    /** Stores a run; from then on it goes on whatever breaks. */
    UUID start(NewRun run);

    Optional<Run> find(String tenant, UUID id);

    /** Newest first, without content, steps and tasks. */
    List<Run> list(
            String tenant,
            @Nullable String pipeline,
            @Nullable RunState state,
            @Nullable UUID after,
            int limit);

    /** Ends the run and all of its tasks; one that is final stays as it is. */
    Outcome cancel(String tenant, UUID id);

    /** Goes on with a run that failed or was cancelled, keeping all that succeeded. */
    Outcome resume(String tenant, UUID id);

    /** Gives a waiting step what it waits for. */
    Outcome input(String tenant, UUID id, String step, JsonNode input);

    /** Cancels the run and removes its content and that of its tasks. */
    Outcome erase(String tenant, UUID id);
}
