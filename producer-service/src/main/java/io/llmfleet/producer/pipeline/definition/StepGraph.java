package io.llmfleet.producer.pipeline.definition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Checks how steps hang together. A step comes after those that it needs and whatever may stand in
 * for them, and after those that it stands in for itself.
 */
final class StepGraph {

    private StepGraph() {}

    static void check(List<Step> steps, List<DefinitionFields> written) {
        Set<String> ids = new LinkedHashSet<>();
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).id().isEmpty() && !ids.add(steps.get(i).id())) {
                written.get(i).error("id", "'" + steps.get(i).id() + "' is another step's too");
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            DefinitionFields fields = written.get(i);
            unknown(steps.get(i).needs(), ids).forEach(m -> fields.error("needs", m));
            unknown(standInsOf(steps.get(i)), ids).forEach(m -> fields.error("fallback.step", m));
        }
        checkCircles(steps, written);
    }

    static List<String> unknown(Collection<String> needs, Set<String> ids) {
        return needs.stream()
                .filter(Predicate.not(ids::contains))
                .map(n -> "there is no step '" + n + "'; there are: " + String.join(", ", ids))
                .toList();
    }

    private static List<String> standInsOf(Step step) {
        String standIn = step.standIn();
        return standIn == null || standIn.isEmpty() ? List.of() : List.of(standIn);
    }

    private static void checkCircles(List<Step> steps, List<DefinitionFields> written) {
        Map<String, Set<String>> needs = new LinkedHashMap<>();
        steps.forEach(s -> needs.put(s.id(), s.needs()));
        Set<String> ofNeeds = circle(needs);
        Set<String> circle = ofNeeds.isEmpty() ? circle(before(steps)) : ofNeeds;
        for (int i = 0; i < steps.size(); i++) {
            String standIn = steps.get(i).standIn();
            if (ofNeeds.contains(steps.get(i).id())) {
                String through = String.join(", ", circle);
                written.get(i).error("needs", "it waits for itself, through: " + through);
                return;
            }
            if (ofNeeds.isEmpty() && standIn != null && circle.contains(standIn)) {
                written.get(i).error("fallback.step", circular(standIn, steps.get(i).id()));
                return;
            }
        }
    }

    private static String circular(String standIn, String id) {
        return standIn.equals(id)
                ? "a step cannot stand in for itself"
                : "'" + standIn + "' and '" + id + "' would wait for each other";
    }

    /** Those that come before themselves. */
    private static Set<String> circle(Map<String, Set<String>> before) {
        Set<String> circle = new LinkedHashSet<>();
        for (String id : before.keySet()) {
            if (reach(id, before).contains(id)) {
                circle.add(id);
            }
        }
        return circle;
    }

    private static Set<String> reach(String from, Map<String, Set<String>> before) {
        Set<String> reached = new HashSet<>();
        List<String> next = new ArrayList<>(before.getOrDefault(from, Set.of()));
        while (!next.isEmpty()) {
            String id = next.removeLast();
            if (reached.add(id)) {
                next.addAll(before.getOrDefault(id, Set.of()));
            }
        }
        return reached;
    }

    /** What must be decided before each step. */
    private static Map<String, Set<String>> before(List<Step> steps) {
        Map<String, Set<String>> standIns = new LinkedHashMap<>();
        steps.forEach(s -> standIns.put(s.id(), Set.copyOf(standInsOf(s))));
        Map<String, Set<String>> before = new LinkedHashMap<>();
        for (Step step : steps) {
            Set<String> all = new TreeSet<>(step.needs());
            step.needs().forEach(n -> all.addAll(reach(n, standIns)));
            steps.stream().filter(s -> step.id().equals(s.standIn())).forEach(s -> all.add(s.id()));
            before.put(step.id(), all);
        }
        return before;
    }

    /** Those of a circle, and what waits for them, at the end. */
    static List<Step> inOrder(List<Step> steps) {
        Map<String, Set<String>> before = before(steps);
        List<Step> ordered = new ArrayList<>();
        List<Step> left = new ArrayList<>(steps);
        Set<String> done = new HashSet<>();
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Step step : List.copyOf(left)) {
                if (done.containsAll(before.getOrDefault(step.id(), Set.of()))) {
                    ordered.add(step);
                    done.add(step.id());
                    left.remove(step);
                    moved = true;
                }
            }
        }
        ordered.addAll(left);
        return List.copyOf(ordered);
    }
}
