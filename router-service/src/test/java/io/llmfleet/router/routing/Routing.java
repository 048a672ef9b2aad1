package io.llmfleet.router.routing;

import io.llmfleet.choice.Strategy;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.router.routing.RuleProperties.CandidateProperties;
import io.llmfleet.router.routing.RuleProperties.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds rules as a file or properties would say them. */
final class Routing {

    static final LearningProperties LEARNING =
            new LearningProperties(1, 0.05, 0.05, 0.02, 0.1, Duration.ofMinutes(10), 200);

    private Routing() {}

    static RoutingProperties properties(List<String> pools, RuleProperties... rules) {
        return properties(pools, Map.of(), rules);
    }

    static RoutingProperties properties(
            List<String> pools, Map<String, TenantProperties> tenants, RuleProperties... rules) {
        return new RoutingProperties(
                pools,
                List.of(rules),
                tenants,
                LEARNING,
                null,
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
    }

    static RuleBuilder rule() {
        return new RuleBuilder();
    }

    static final class RuleBuilder {

        private String name;
        private Set<String> types = Set.of();
        private Set<String> targets = Set.of();
        private Set<String> tenants = Set.of();
        private Set<Priority> priorities = Set.of();
        private int minSize;
        private int maxSize = Integer.MAX_VALUE;
        private List<String> examples = List.of();
        private double threshold = 0.5;
        private Strategy strategy = Strategy.FIXED;
        private final List<CandidateProperties> candidates = new ArrayList<>();
        private List<Place> fallbacks = List.of();
        private Set<FailureCode> fallbackOn = Set.of(FailureCode.BACKEND_ERROR);
        private Double budgetFrom;

        RuleBuilder named(String word) {
            name = word;
            return this;
        }

        RuleBuilder types(Set<String> names) {
            types = names;
            return this;
        }

        RuleBuilder targets(Set<String> names) {
            targets = names;
            return this;
        }

        RuleBuilder tenants(Set<String> names) {
            tenants = names;
            return this;
        }

        RuleBuilder priorities(Priority... some) {
            priorities = Set.of(some);
            return this;
        }

        RuleBuilder sizes(int min, int max) {
            minSize = min;
            maxSize = max;
            return this;
        }

        RuleBuilder similarTo(double least, String... texts) {
            threshold = least;
            examples = List.of(texts);
            return this;
        }

        RuleBuilder strategy(Strategy chosen) {
            strategy = chosen;
            return this;
        }

        RuleBuilder candidate(String pool, String model, double weight, double price) {
            candidates.add(new CandidateProperties(pool, model, weight, price));
            return this;
        }

        RuleBuilder fallbacks(List<Place> places, Set<FailureCode> on) {
            fallbacks = places;
            fallbackOn = on;
            return this;
        }

        RuleBuilder budgetFrom(double share) {
            budgetFrom = share;
            return this;
        }

        RuleProperties to(String pool, String model) {
            return new RuleProperties(
                    name,
                    types,
                    targets,
                    tenants,
                    priorities,
                    minSize,
                    maxSize,
                    examples,
                    threshold,
                    strategy,
                    pool,
                    model,
                    candidates,
                    fallbacks,
                    fallbackOn,
                    budgetFrom);
        }

        RuleProperties build() {
            return to(null, null);
        }
    }
}
