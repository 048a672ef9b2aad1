package io.llmfleet.producer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Limit;
import io.llmfleet.producer.usage.Ledger;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetPolicyTests {

    private static final Instant NOW = Instant.parse("2026-03-01T22:30:00Z");

    @ParameterizedTest
    @CsvSource({
        "100,    ,     99,  5,    ",
        "100,    ,     100, 0,    TOKENS_PER_DAY",
        "100,    ,     250, 0,    TOKENS_PER_DAY",
        "   ,    2.50, 999, 2.49, ",
        "   ,    2.50, 0,   2.5,  COST_PER_DAY",
        "   ,    2.50, 0,   2.51, COST_PER_DAY",
        "100,    2.50, 99,  2.49, ",
        "100,    2.50, 100, 2.50, TOKENS_PER_DAY",
        "   ,    ,     999, 999,  ",
    })
    void refusesWhenABudgetIsSpent(
            BigDecimal tokens, BigDecimal cost, long used, BigDecimal paid, Limit refused) {
        Map<Limit, BigDecimal> budgets = new EnumMap<>(Limit.class);
        if (tokens != null) {
            budgets.put(Limit.TOKENS_PER_DAY, tokens);
        }
        if (cost != null) {
            budgets.put(Limit.COST_PER_DAY, cost);
        }
        KeyLimits limits = new KeyLimits(budgets);

        var refusal = BudgetPolicy.refusal(limits, new Ledger.Spending(used, paid), NOW);

        assertThat(refusal.map(LimitExceededException::limit).orElse(null)).isEqualTo(refused);
        refusal.ifPresent(
                r -> {
                    assertThat(r.retryAfter()).isEqualTo(Duration.ofMinutes(90));
                    assertThat(r.isBudget()).isTrue();
                });
        assertThat(BudgetPolicy.applies(limits)).isEqualTo(!budgets.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "100,  ,     79,  0,     79",
        "100,  ,     250, 0,     250",
        "   ,  2.50, 999, 2.124, 84",
        "100,  2.50, 90,  0.5,   90",
        "100,  2.50, 10,  2.0,   80",
        "0,    ,     0,   0,     1000",
        "   ,  0.01, 0,   900,   1000",
        "   ,  ,     999, 999,   0",
    })
    void percentOfTheBudgetThatIsNearestToItsEndIsTold(
            BigDecimal tokens, BigDecimal cost, long used, BigDecimal paid, int percent) {
        Map<Limit, BigDecimal> budgets = new EnumMap<>(Limit.class);
        if (tokens != null) {
            budgets.put(Limit.TOKENS_PER_DAY, tokens);
        }
        if (cost != null) {
            budgets.put(Limit.COST_PER_DAY, cost);
        }

        int told =
                BudgetPolicy.percentUsed(new KeyLimits(budgets), new Ledger.Spending(used, paid));

        assertThat(told).isEqualTo(percent);
    }

    @Test
    void aDayEndsAtMidnightInUtc() {
        assertThat(BudgetPolicy.day(NOW)).isEqualTo("2026-03-01");
        assertThat(BudgetPolicy.untilTomorrow(Instant.parse("2026-03-01T00:00:00Z")))
                .isEqualTo(Duration.ofDays(1));
    }
}
