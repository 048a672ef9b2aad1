package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a worker is told of a task that may delegate.
 *
 * @param round how often it has delegated before
 * @param roundsLeft how often it still may
 * @param tasksLeft how many tasks its tree may still have
 * @param tokensLeft how many tokens its tree may still use
 * @param continuation what the last round left for this one, as it came; null in the first
 * @param results of the last round's calls, in their order; null in the first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Delegation(
        int round,
        int roundsLeft,
        int tasksLeft,
        long tokensLeft,
        @Nullable JsonNode continuation,
        @Nullable List<Told> results) {

    /** The name of the tool that a model is offered for it. */
    public static final String TOOL = "delegate";

    /**
     * What became of a call.
     *
     * @param id as the caller named it
     * @param task that was made of it; null if none was
     * @param output of a task that succeeded
     * @param failure why there is no output
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Told(
            String id, @Nullable UUID task, @Nullable JsonNode output, @Nullable String failure) {}

    /** Whether another call has a chance. */
    @JsonIgnore
    public boolean isOpen() {
        return roundsLeft > 0 && tasksLeft > 0 && tokensLeft > 0;
    }
}
