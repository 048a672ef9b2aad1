package io.llmfleet.producer.usage;

import io.llmfleet.producer.task.StoredOutcome;
import java.util.List;

/** Counts the tokens that a task used, those of attempts that came to nothing included. */
public final class UsedTokens {

    private UsedTokens() {}

    public static long of(StoredOutcome stored) {
        return Spent.of(List.of(stored)).stream()
                .mapToLong(e -> e.sum().inputTokens() + e.sum().outputTokens())
                .sum();
    }
}
