package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.Limit;
import io.llmfleet.producer.task.OverloadedException;
import java.time.Duration;

/** A limit of the key refuses a request or a task; nothing of it was accepted. */
public class LimitExceededException extends OverloadedException {

    private static final long serialVersionUID = 1L;

    private final Limit limit;

    LimitExceededException(Limit limit, String message, Duration retryAfter) {
        super(message, retryAfter);
        this.limit = limit;
    }

    public Limit limit() {
        return limit;
    }

    /** Whether it is a day's budget that is spent, so that it is of no use to try again soon. */
    public boolean isBudget() {
        return limit == Limit.TOKENS_PER_DAY || limit == Limit.COST_PER_DAY;
    }
}
