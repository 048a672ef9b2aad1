package io.llmfleet.router.routing;

import io.llmfleet.choice.Assessed;
import io.llmfleet.choice.Option;
import io.llmfleet.router.routing.Decision.Chosen;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool and maybe a model, before it is known whether someone works there.
 *
 * @param rule its name; null where none matched
 * @param chosen null where no rule matched
 * @param assessed the candidates that it was chosen from
 * @param leftOut candidates that were no choice
 */
record Choice(
        String pool,
        @Nullable String model,
        String why,
        @Nullable String rule,
        @Nullable Chosen chosen,
        List<Assessed> assessed,
        List<LeftOut> leftOut) {

    /** A candidate that is no choice at present. */
    record LeftOut(Option option, String why) {}

    /** One that no rule made. */
    static Choice byTarget(String pool, @Nullable String model, String why) {
        return new Choice(pool, model, why, null, null, List.of(), List.of());
    }
}
