package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.KeyLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The facade of limits; those of tasks count by themselves when tasks are submitted. */
public interface Limits {

    /**
     * Whether a request may pass.
     *
     * @param rates as they are now
     * @param refusal why it may not; null if it may
     */
    record Verdict(Rates rates, @Nullable LimitExceededException refusal) {}

    /** What holds for an account: what is set for its key, and the defaults for all else. */
    KeyLimits of(Account account);

    /** Counts a request; costs nothing where nothing is limited. */
    Verdict request(Account account);

    /**
     * Checks that there is something left of the day's budgets.
     *
     * @throws LimitExceededException if one is spent
     */
    void requireBudget(Account account);

    /** What is left, without counting anything. */
    Rates rates(Account account);

    /** Each limit of an account, and what is used of it now. */
    List<LimitUse> uses(Account account);
}
