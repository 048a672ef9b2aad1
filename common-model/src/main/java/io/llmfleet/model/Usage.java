package io.llmfleet.model;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What one successful attempt used.
 *
 * @param inputTokens tokens of the request, as the backend counted them
 * @param outputTokens tokens of the answer, 0 where there are none (embeddings)
 * @param cost in the currency of the backend's price list; null where no price is configured
 * @param callMillis wall time of the backend call in milliseconds
 */
public record Usage(
        long inputTokens, long outputTokens, @Nullable BigDecimal cost, long callMillis) {}
