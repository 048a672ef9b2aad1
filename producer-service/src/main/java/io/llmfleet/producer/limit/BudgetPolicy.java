package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Limit;
import io.llmfleet.producer.usage.Ledger;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Decides whether a day's budget has room for one more task: it has until it is spent. What tasks
 * will cost is not known before they are done, so those that are under way may overrun it.
 */
final class BudgetPolicy {

    private BudgetPolicy() {}

    static boolean applies(KeyLimits limits) {
        return limits.get(Limit.TOKENS_PER_DAY) != null || limits.get(Limit.COST_PER_DAY) != null;
    }

    static LocalDate day(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    static Duration untilTomorrow(Instant now) {
        Instant tomorrow = day(now).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return Duration.between(now, tomorrow);
    }

    /** Why no more is accepted today. */
    static Optional<LimitExceededException> refusal(
            KeyLimits limits, Ledger.Spending spent, Instant now) {
        return spent(limits, Limit.TOKENS_PER_DAY, BigDecimal.valueOf(spent.tokens()), now)
                .or(() -> spent(limits, Limit.COST_PER_DAY, spent.cost(), now));
    }

    private static Optional<LimitExceededException> spent(
            KeyLimits limits, Limit limit, BigDecimal spent, Instant now) {
        BigDecimal budget = limits.get(limit);
        return budget == null || spent.compareTo(budget) < 0
                ? Optional.empty()
                : Optional.of(Refusal.budget(limit, spent, budget, untilTomorrow(now)));
    }
}
