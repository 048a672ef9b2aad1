package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.model.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of a {@link RoutingKeys#DELEGATED} reply: the attempt is over, and the task goes on when
 * these calls are answered.
 *
 * @param continuation what the next round needs to know, given back as it is
 * @param usage of this round, if the backend said it
 * @param model that was used
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Delegated(
        List<Call> calls,
        @Nullable JsonNode continuation,
        @Nullable Usage usage,
        @Nullable String model) {

    /**
     * A task that another component shall do.
     *
     * @param id by which the caller knows the answer
     * @param target {@code any} if it is left out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Call(
            String id, @Nullable String type, @Nullable String target, @Nullable JsonNode input) {}
}
