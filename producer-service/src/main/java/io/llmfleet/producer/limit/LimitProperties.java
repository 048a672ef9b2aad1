package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Limit;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * The limits of every key, and of every AMQP client, for what is not set for the key itself. What
 * is left out is not limited.
 *
 * @param requestsPerMinute HTTP requests, or messages of an AMQP client
 * @param tokensPerMinute of prompts and answers
 * @param queuedTasks unfinished tasks at once
 * @param tokensPerDay of prompts and answers, by days in UTC
 * @param costPerDay in the currency of the price lists, by days in UTC
 * @param bodySize of a request, or of a line of many; at most the fleet's own limit
 * @param jsonDepth levels of nesting; at most the fleet's own limit
 */
@ConfigurationProperties("fleet.limits")
public record LimitProperties(
        @Nullable Long requestsPerMinute,
        @Nullable Long tokensPerMinute,
        @Nullable Long queuedTasks,
        @Nullable Long tokensPerDay,
        @Nullable BigDecimal costPerDay,
        @Nullable DataSize bodySize,
        @Nullable Integer jsonDepth) {

    public LimitProperties {
        check(Limit.REQUESTS_PER_MINUTE, requestsPerMinute);
        check(Limit.TOKENS_PER_MINUTE, tokensPerMinute);
        check(Limit.QUEUED_TASKS, queuedTasks);
        check(Limit.TOKENS_PER_DAY, tokensPerDay);
        check(Limit.COST_PER_DAY, costPerDay);
        check(Limit.BODY_SIZE, bodySize == null ? null : bodySize.toBytes());
        check(Limit.JSON_DEPTH, jsonDepth);
    }

    KeyLimits defaults() {
        Map<Limit, BigDecimal> values = new EnumMap<>(Limit.class);
        put(values, Limit.REQUESTS_PER_MINUTE, requestsPerMinute);
        put(values, Limit.TOKENS_PER_MINUTE, tokensPerMinute);
        put(values, Limit.QUEUED_TASKS, queuedTasks);
        put(values, Limit.TOKENS_PER_DAY, tokensPerDay);
        put(values, Limit.COST_PER_DAY, costPerDay);
        put(values, Limit.BODY_SIZE, bodySize == null ? null : bodySize.toBytes());
        put(values, Limit.JSON_DEPTH, jsonDepth);
        return new KeyLimits(values);
    }

    private static void put(Map<Limit, BigDecimal> values, Limit limit, @Nullable Number value) {
        if (value != null) {
            values.put(limit, new BigDecimal(value.toString()));
        }
    }

    private static void check(Limit limit, @Nullable Number value) {
        if (value != null && !limit.accepts(new BigDecimal(value.toString()))) {
            throw new IllegalArgumentException(
                    limit.property() + " is " + value + ", accepted: " + limit.accepted());
        }
    }
}
