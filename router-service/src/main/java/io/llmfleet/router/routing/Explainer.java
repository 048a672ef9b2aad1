package io.llmfleet.router.routing;

import io.llmfleet.choice.Assessed;
import io.llmfleet.choice.Option;
import io.llmfleet.model.FailureCode;
import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.RouteExplanation.Weighed;
import io.llmfleet.wire.RouteQuestion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a decision and what it stands on into words. */
final class Explainer {

    private static final String TEXT_IS_MISSING =
            "a question has no text: rules with examples (similar-to) were passed over";

    private final RouteQuestion question;
    private final String router;
    private final Instant at;

    Explainer(RouteQuestion question, String router, Instant at) {
        this.question = question;
        this.router = router;
        this.at = at;
    }

    /**
     * @param choice null if there was none
     */
    RouteExplanation of(Decision decision, @Nullable Choice choice, Asked asked) {
        List<String> notes = asked.withoutText() ? List.of(TEXT_IS_MISSING) : List.of();
        return switch (decision) {
            case Decision.ToPool to ->
                    explained("pool", to.pool(), to.model(), to.why(), null, choice, notes);
            case Decision.ToQuarantine to ->
                    explained("quarantine", to.pool(), to.model(), to.why(), null, choice, notes);
            case Decision.Wait wait ->
                    explained("wait", null, null, wait.why(), null, choice, notes);
            case Decision.Refuse(var failure) ->
                    explained(
                            "refuse", null, null, failure.message(), failure.code(), choice, notes);
        };
    }

    private RouteExplanation explained(
            String outcome,
            @Nullable String pool,
            @Nullable String model,
            String why,
            @Nullable FailureCode code,
            @Nullable Choice choice,
            List<String> notes) {
        String strategy =
                choice == null || choice.chosen() == null
                        ? null
                        : choice.chosen().strategy().wire();
        return new RouteExplanation(
                question.id(),
                router,
                at,
                outcome,
                pool,
                model,
                why,
                choice == null ? null : choice.rule(),
                strategy,
                code,
                choice == null ? List.of() : weighed(choice),
                notes);
    }

    private static List<Weighed> weighed(Choice choice) {
        List<Weighed> all = new ArrayList<>();
        for (Assessed a : choice.assessed()) {
            all.add(weighed(a.option(), a.chance(), a.value(), null));
        }
        choice.leftOut().forEach(l -> all.add(weighed(l.option(), 0, null, l.why())));
        return all;
    }

    private static Weighed weighed(
            Option option, double chance, @Nullable Double value, @Nullable String leftOut) {
        return new Weighed(
                option.candidate().pool(),
                option.candidate().model(),
                chance,
                leftOut,
                option.inFlight(),
                option.slots(),
                option.estimate().attempts(),
                option.estimate().success(),
                option.estimate().millis(),
                option.estimate().cost(),
                value);
    }
}
