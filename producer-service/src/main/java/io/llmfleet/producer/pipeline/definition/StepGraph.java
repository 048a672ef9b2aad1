package io.llmfleet.producer.pipeline.definition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Checks how steps hang together. */
final class StepGraph {

    private StepGraph() {}

    static void check(List<Step> steps, List<DefinitionFields> written) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).id().isEmpty() && !ids.add(steps.get(i).id())) {
                written.get(i).error("id", "'" + steps.get(i).id() + "' is another step's too");
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            DefinitionFields fields = written.get(i);
            unknown(steps.get(i).needs(), ids).forEach(m -> fields.error("needs", m));
        }
        Set<String> circle = new LinkedHashSet<>();
        left(steps, ids).forEach(s -> circle.add(s.id()));
        for (int i = 0; i < steps.size(); i++) {
            if (circle.contains(steps.get(i).id())) {
                written.get(i)
                        .error(
                                "needs",
                                "it waits for itself, through: " + String.join(", ", circle));
                return;
            }
        }
    }

    static List<String> unknown(Collection<String> needs, Set<String> ids) {
        return needs.stream()
                .filter(Predicate.not(ids::contains))
                .map(n -> "there is no step '" + n + "'; there are: " + String.join(", ", ids))
                .toList();
    }

    /** Each after those that it needs; those of a circle at the end. */
    static List<Step> inOrder(List<Step> steps) {
        List<Step> ordered = new ArrayList<>();
        List<Step> left = new ArrayList<>(steps);
        Set<String> before = new HashSet<>();
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Step step : List.copyOf(left)) {
                if (before.containsAll(step.needs())) {
                    ordered.add(step);
                    before.add(step.id());
                    left.remove(step);
                    moved = true;
                }
            }
        }
        ordered.addAll(left);
        return List.copyOf(ordered);
    }

    /** Those that never begin; steps that there are not hold nobody up here. */
    private static List<Step> left(List<Step> steps, Set<String> ids) {
        Set<String> before = new HashSet<>();
        List<Step> left = new ArrayList<>(steps);
        while (left.removeIf(s -> isReady(s, ids, before) && before.add(s.id()))) {
            // Until nothing moves any more.
        }
        return left;
    }

    private static boolean isReady(Step step, Set<String> ids, Set<String> before) {
        return step.needs().stream().allMatch(n -> before.contains(n) || !ids.contains(n));
    }
}
