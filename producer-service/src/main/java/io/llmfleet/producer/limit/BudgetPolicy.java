package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Limit;
import io.llmfleet.producer.usage.Ledger;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a day's budget has room for one more task: it has until it is spent. What tasks
 * will cost is not known before they are done, so those that are under way may overrun it.
 */
final class BudgetPolicy {

    /** Nobody needs to know by how much more it is overrun. */
    private static final int MOST_PERCENT = 1_000;

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

    /** How much of the budget that is nearest to its end is used, in percent; 0 without one. */
    static int percentUsed(KeyLimits limits, Ledger.Spending spent) {
        return Math.max(
                percent(limits.get(Limit.TOKENS_PER_DAY), BigDecimal.valueOf(spent.tokens())),
                percent(limits.get(Limit.COST_PER_DAY), spent.cost()));
    }

    private static int percent(@Nullable BigDecimal budget, BigDecimal spent) {
        if (budget == null) {
            return 0;
        }
        return budget.signum() == 0
                ? MOST_PERCENT
                : spent.movePointRight(2)
                        .divide(budget, 0, RoundingMode.DOWN)
                        .min(BigDecimal.valueOf(MOST_PERCENT))
                        .intValue();
    }
}
