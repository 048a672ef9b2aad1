package io.llmfleet.producer.api.rest;

import io.llmfleet.model.FailureCode;
import io.llmfleet.wire.RouteExplanation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a task would go now, and what that stands on. */
@Schema(name = "RouteExplanation")
record RouteJson(
        @Schema(description = "Which router says so.") String router,
        Instant at,
        @Schema(
                        description = "wait: there is no worker at present.",
                        allowableValues = {"pool", "wait", "refuse"})
                String outcome,
        @Nullable String pool,
        @Schema(description = "Left out where the worker chooses.") @Nullable String model,
        String why,
        @Schema(description = "The rule that matched, by its name or number.")
                @Nullable String rule,
        @Schema(allowableValues = {"fixed", "weighted", "least-loaded", "adaptive"})
                @Nullable String strategy,
        @Schema(description = "Of a refusal.") @Nullable FailureCode code,
        @Schema(description = "Of the rule; chance is the share of such tasks that each gets.")
                List<RouteExplanation.Weighed> candidates,
        @Schema(description = "What this answer leaves open.") List<String> notes) {

    static RouteJson of(RouteExplanation e) {
        return new RouteJson(
                e.router(),
                e.at(),
                e.outcome(),
                e.pool(),
                e.model(),
                e.why(),
                e.rule(),
                e.strategy(),
                e.code(),
                e.candidates(),
                e.notes());
    }
}
