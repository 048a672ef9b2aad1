package io.llmfleet.producer.pipeline.definition;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What may be used before nothing more is started; null for no bound.
 *
 * @param tokens in and out
 * @param cost in the currency of the price list
 */
public record Budget(@Nullable Long tokens, @Nullable BigDecimal cost) {

    static final Budget NONE = new Budget(null, null);

    public boolean isSpent(long usedTokens, BigDecimal usedCost) {
        return (tokens != null && usedTokens >= tokens)
                || (cost != null && usedCost.compareTo(cost) >= 0);
    }
}
