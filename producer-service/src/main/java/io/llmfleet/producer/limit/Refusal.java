package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.Limit;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says which limit refuses, what is used of it, and when it is worth to try again. */
final class Refusal {

    /** When a task of a full queue ends is not known before one has ended. */
    private static final Duration UNKNOWN = Duration.ofSeconds(5);

    private static final Duration SOONEST = Duration.ofSeconds(1);
    private static final Duration LATEST = Duration.ofMinutes(1);

    private Refusal() {}

    static LimitExceededException requests(Window window) {
        return new LimitExceededException(
                Limit.REQUESTS_PER_MINUTE,
                "the limit of " + window.limit() + " requests per minute is used up",
                window.waitFor(1));
    }

    /**
     * @param wanted tokens
     */
    static LimitExceededException tokens(Window window, long wanted) {
        return new LimitExceededException(
                Limit.TOKENS_PER_MINUTE,
                "the limit is "
                        + window.limit()
                        + " tokens per minute, "
                        + window.used()
                        + " are used and this asks for about "
                        + wanted,
                window.waitFor(wanted));
    }

    /**
     * @param wait until a task is expected to end; null if that is not known
     */
    static LimitExceededException queue(long queued, long most, @Nullable Duration wait) {
        return new LimitExceededException(
                Limit.QUEUED_TASKS,
                queued + " tasks are unfinished, accepted: up to " + most,
                wait == null ? UNKNOWN : clamp(wait));
    }

    /**
     * @param spent in the limit's unit
     */
    static LimitExceededException budget(
            Limit limit, BigDecimal spent, BigDecimal budget, Duration untilTomorrow) {
        String unit = limit == Limit.TOKENS_PER_DAY ? " tokens" : "";
        return new LimitExceededException(
                limit,
                "the budget of "
                        + budget.toPlainString()
                        + unit
                        + " per day (UTC) is spent: "
                        + spent.toPlainString()
                        + unit,
                untilTomorrow);
    }

    private static Duration clamp(Duration wait) {
        if (wait.compareTo(SOONEST) < 0) {
            return SOONEST;
        }
        return wait.compareTo(LATEST) > 0 ? LATEST : wait;
    }
}
