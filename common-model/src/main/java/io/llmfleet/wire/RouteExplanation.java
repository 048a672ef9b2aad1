package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.model.FailureCode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a router answers to a {@link RouteQuestion}.
 *
 * @param router unique name of the process
 * @param outcome {@code pool}, {@code wait} or {@code refuse}
 * @param pool of the most likely candidate
 * @param model null where the worker chooses
 * @param why in a few words, as a task's route says it
 * @param rule the name or number of the rule that matched; null if none did
 * @param strategy by which the rule chooses
 * @param code of a refusal
 * @param candidates of the rule, with what its choice stands on
 * @param notes what the answer leaves open
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RouteExplanation(
        UUID id,
        String router,
        Instant at,
        String outcome,
        @Nullable String pool,
        @Nullable String model,
        String why,
        @Nullable String rule,
        @Nullable String strategy,
        @Nullable FailureCode code,
        List<Weighed> candidates,
        List<String> notes) {

    /**
     * A candidate of a rule.
     *
     * @param chance that the next such task goes there, from 0 to 1
     * @param leftOut why it is no choice at present; null if it is one
     * @param inFlight tasks that went to the pool and have not ended
     * @param slots of the pool's live workers that have the model
     * @param attempts on how many the estimates stand; old ones count less
     * @param success estimated share of attempts that succeed
     * @param millis estimated duration of a call
     * @param cost estimated cost of an attempt
     * @param value what {@code adaptive} compares
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Weighed(
            String pool,
            @Nullable String model,
            double chance,
            @Nullable String leftOut,
            int inFlight,
            int slots,
            double attempts,
            double success,
            @Nullable Double millis,
            @Nullable Double cost,
            @Nullable Double value) {}
}
