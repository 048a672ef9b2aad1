package io.llmfleet.producer.task;

import io.llmfleet.model.Defaults;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Measures how deep JSON is nested; a number or a text alone has no level, {@code {}} has one. */
public final class JsonDepth {

    private record Place(JsonNode node, int level) {}

    private JsonDepth() {}

    static int of(JsonNode root) {
        int deepest = 0;
        Deque<Place> open = new ArrayDeque<>();
        open.push(new Place(root, 1));
        while (!open.isEmpty()) {
            Place place = open.pop();
            if (place.node().isContainer()) {
                deepest = Math.max(deepest, place.level());
                place.node().forEach(child -> open.push(new Place(child, place.level() + 1)));
            }
        }
        return deepest;
    }

    /** Why it is too deep, if it is. What was read at all is within {@link Defaults}. */
    public static Optional<String> refusal(JsonNode root, int accepted) {
        if (accepted >= Defaults.MAX_JSON_DEPTH) {
            return Optional.empty();
        }
        int depth = of(root);
        return depth <= accepted
                ? Optional.empty()
                : Optional.of(
                        "is nested "
                                + depth
                                + " levels deep; accepted: up to "
                                + accepted
                                + " levels");
    }
}
