package io.llmfleet.producer.usage;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant used.
 *
 * @param day in UTC; null where days are added up
 * @param model null where models are added up
 * @param tasks that ended with a result
 * @param inputTokens of all attempts that a backend answered, also where the answer was of no use
 * @param cost in the currency of the price lists; 0 where no price is configured
 */
public record UsageEntry(
        @Nullable LocalDate day,
        @Nullable String model,
        long tasks,
        long inputTokens,
        long outputTokens,
        BigDecimal cost) {}
