package io.llmfleet.router.routing;

import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Names;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The rules of routing.
 *
 * @param pools the pools whose queues exist
 * @param rules in order; the first that matches decides
 * @param workerWait how long a task waits for a live worker before it is refused
 * @param warmUp how long after its start the router takes every pool for live
 * @param silence after how long without an announcement a worker counts as gone
 */
@ConfigurationProperties("fleet.routing")
public record RoutingProperties(
        @DefaultValue("default") List<String> pools,
        @DefaultValue List<Rule> rules,
        @DefaultValue("1h") Duration workerWait,
        @DefaultValue("10s") Duration warmUp,
        @DefaultValue("10s") Duration silence) {

    /**
     * One rule; what it leaves out matches everything.
     *
     * @param minSize in bytes of the task's body
     * @param maxSize in bytes of the task's body
     * @param pool where matching tasks go
     * @param model which model they get; the worker chooses where it is left out
     * @param fallbacks models for further attempts, in order, after a failure of one of {@code
     *     fallbackOn}
     * @param fallbackOn failure codes that lead to the next fallback
     */
    public record Rule(
            @DefaultValue Set<String> types,
            @DefaultValue Set<String> targets,
            @DefaultValue Set<String> tenants,
            @DefaultValue("0") int minSize,
            @DefaultValue("2147483647") int maxSize,
            String pool,
            @Nullable String model,
            @DefaultValue List<String> fallbacks,
            @DefaultValue({
                        "RATE_LIMITED",
                        "BACKEND_UNAVAILABLE",
                        "BACKEND_ERROR",
                        "CALL_TIMEOUT",
                        "OUTPUT_INVALID"
                    })
                    Set<FailureCode> fallbackOn) {}

    public RoutingProperties {
        if (pools.isEmpty()) {
            throw new IllegalArgumentException(
                    "fleet.routing.pools is empty, accepted: at least one pool");
        }
        pools.forEach(p -> Names.requireWord("fleet.routing.pools", p));
        for (Rule rule : rules) {
            if (rule.pool() == null || !pools.contains(rule.pool())) {
                throw new IllegalArgumentException(
                        "fleet.routing.rules has the pool '"
                                + rule.pool()
                                + "', accepted: "
                                + pools);
            }
        }
    }
}
