package io.llmfleet.router.routing;

import io.llmfleet.choice.Candidate;
import io.llmfleet.choice.Strategy;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One rule; what it leaves out matches everything.
 *
 * @param name by which people know it; its number where it is left out
 * @param minSize in bytes of the task's body
 * @param maxSize in bytes of the task's body
 * @param similarTo examples of texts; a task matches if the nearest is at least as near as {@code
 *     threshold}
 * @param threshold cosine similarity, from 0 to 1
 * @param strategy how one of the candidates is chosen
 * @param pool where matching tasks go, in place of {@code candidates}
 * @param model which model they get there; the worker chooses where it is left out
 * @param candidates where matching tasks may go
 * @param fallbacks for further attempts, in order, after a failure of one of {@code fallbackOn}
 * @param fallbackOn failure codes that lead to the next fallback
 * @param budgetFrom share of the tenant's daily budget from which on dear candidates are left out
 */
public record RuleProperties(
        @Nullable String name,
        @DefaultValue Set<String> types,
        @DefaultValue Set<String> targets,
        @DefaultValue Set<String> tenants,
        @DefaultValue Set<Priority> priorities,
        @DefaultValue("0") int minSize,
        @DefaultValue("2147483647") int maxSize,
        @DefaultValue List<String> similarTo,
        @DefaultValue("0.5") double threshold,
        @DefaultValue("fixed") Strategy strategy,
        @Nullable String pool,
        @Nullable String model,
        @DefaultValue List<CandidateProperties> candidates,
        @DefaultValue List<Place> fallbacks,
        @DefaultValue({
                    "RATE_LIMITED",
                    "BACKEND_UNAVAILABLE",
                    "BACKEND_ERROR",
                    "CALL_TIMEOUT",
                    "OUTPUT_INVALID"
                })
                Set<FailureCode> fallbackOn,
        @Nullable Double budgetFrom) {

    /**
     * Where a task may go.
     *
     * @param weight its share among the weights of all candidates
     * @param price what a task is expected to cost until that is learned
     */
    public record CandidateProperties(
            @Nullable String pool,
            @Nullable String model,
            @DefaultValue("1") double weight,
            @DefaultValue("0") double price) {}

    /**
     * Where a further attempt goes.
     *
     * @param pool the rule's where it is left out
     */
    public record Place(@Nullable String pool, @Nullable String model) {

        /** A text alone is a model of the rule's pool. */
        public static Place of(String model) {
            return new Place(null, model);
        }
    }

    /** The pool of fallbacks that name none. */
    @Nullable String mainPool() {
        return pool != null || candidates.isEmpty() ? pool : candidates.getFirst().pool();
    }

    /** All candidates, the one that stands on the rule itself among them. */
    List<Candidate> all() {
        return pool != null
                ? List.of(new Candidate(pool, model, 1, 0))
                : candidates.stream()
                        .map(
                                c ->
                                        new Candidate(
                                                String.valueOf(c.pool()),
                                                c.model(),
                                                c.weight(),
                                                c.price()))
                        .toList();
    }
}
