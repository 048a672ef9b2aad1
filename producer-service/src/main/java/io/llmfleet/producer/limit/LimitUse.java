package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.Limit;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit, and what is used of it.
 *
 * @param used null of a limit that is for each request alone
 * @param resetsIn when nothing will be used any more; null where that is not known
 */
public record LimitUse(
        Limit limit, BigDecimal most, @Nullable BigDecimal used, @Nullable Duration resetsIn) {}
