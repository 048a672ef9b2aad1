package io.llmfleet.router.routing;

import io.llmfleet.choice.Strategy;
import io.llmfleet.model.Failure;
import org.jspecify.annotations.Nullable;

/** What becomes of a task that passes the router. */
public sealed interface Decision {

    /**
     * It goes to a pool's work queue.
     *
     * @param model null where the worker chooses
     * @param why in a few words, for people
     * @param chosen null where no rule chose
     */
    record ToPool(String pool, @Nullable String model, String why, @Nullable Chosen chosen)
            implements Decision {}

    /** It interrupted several workers and goes where it is worked on alone. */
    record ToQuarantine(String pool, @Nullable String model, String why) implements Decision {}

    /** It takes the shortest retry level, its attempt unchanged, and passes again. */
    record Wait(String why) implements Decision {}

    /** It has no place to go. */
    record Refuse(Failure failure) implements Decision {}

    /**
     * How a rule chose.
     *
     * @param reason the main thing that led to the candidate
     */
    record Chosen(Strategy strategy, Reason reason) {}

    /** Why it is this candidate. */
    enum Reason {
        /** The strategy says so. */
        STRATEGY,
        /** So that more is known of it. */
        EXPLORING,
        /** The attempt before failed elsewhere. */
        FALLBACK,
        /** Others are too dear for the rest of the tenant's budget. */
        BUDGET
    }
}
