package io.llmfleet.router.routing;

import io.llmfleet.router.routing.RuleProperties.CandidateProperties;
import io.llmfleet.router.routing.RuleProperties.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses rules that cannot be followed, with the place, what stands there and what is accepted.
 */
final class RuleCheck {

    private final String where;
    private final List<String> pools;

    RuleCheck(String where, List<String> pools) {
        this.where = where;
        this.pools = pools;
    }

    void rule(String place, RuleProperties rule) {
        require(
                (rule.pool() == null) != rule.candidates().isEmpty(),
                place,
                "pool '" + rule.pool() + "' and " + rule.candidates().size() + " candidates",
                "a pool or candidates; pools " + pools);
        if (rule.pool() != null) {
            pool(place + ".pool", rule.pool());
        }
        for (int i = 0; i < rule.candidates().size(); i++) {
            candidate(place + ".candidates[" + i + "]", rule.candidates().get(i));
        }
        for (int i = 0; i < rule.fallbacks().size(); i++) {
            fallback(place + ".fallbacks[" + i + "]", rule.fallbacks().get(i));
        }
        share(place + ".threshold", rule.threshold());
        if (rule.budgetFrom() != null) {
            require(
                    rule.budgetFrom() >= 0 && rule.budgetFrom() < 1,
                    place + ".budget-from",
                    rule.budgetFrom(),
                    "0 to below 1");
        }
        require(
                rule.minSize() <= rule.maxSize(),
                place + ".min-size",
                rule.minSize(),
                "up to its max-size, " + rule.maxSize());
    }

    void learning(LearningProperties learning) {
        notNegative("learning.success", learning.success());
        notNegative("learning.latency", learning.latency());
        notNegative("learning.cost", learning.cost());
        share("learning.least-exploration", learning.leastExploration());
        share("learning.most-exploration", learning.mostExploration());
        require(
                learning.leastExploration() <= learning.mostExploration(),
                "learning.least-exploration",
                learning.leastExploration(),
                "up to most-exploration, " + learning.mostExploration());
        require(learning.memory() >= 1, "learning.memory", learning.memory(), "1 or more");
        require(
                learning.halfLife().toMillis() > 0,
                "learning.half-life",
                learning.halfLife(),
                "a duration such as 10m");
    }

    private void candidate(String place, CandidateProperties candidate) {
        pool(place + ".pool", candidate.pool());
        notNegative(place + ".weight", candidate.weight());
        notNegative(place + ".price", candidate.price());
    }

    private void fallback(String place, Place fallback) {
        require(
                fallback.pool() != null || fallback.model() != null,
                place,
                "nothing",
                "a pool, a model or both");
        if (fallback.pool() != null) {
            pool(place + ".pool", fallback.pool());
        }
    }

    private void pool(String place, @Nullable String pool) {
        require(pool != null && pools.contains(pool), place, "'" + pool + "'", pools);
    }

    private void share(String place, double value) {
        require(value >= 0 && value <= 1, place, value, "0 to 1");
    }

    private void notNegative(String place, double value) {
        require(value >= 0 && Double.isFinite(value), place, value, "0 or more");
    }

    private void require(boolean good, String place, Object value, Object accepted) {
        if (!good) {
            throw new IllegalArgumentException(
                    where + place + " has " + value + ", accepted: " + accepted);
        }
    }
}
