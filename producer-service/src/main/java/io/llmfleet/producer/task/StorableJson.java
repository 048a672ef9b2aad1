package io.llmfleet.producer.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Finds what could not be stored and passed on exactly as it came: text that is no Unicode, and
 * numbers beyond double precision's range.
 */
public final class StorableJson {

    private record Place(String pointer, JsonNode node) {}

    private StorableJson() {}

    /** The first thing that cannot be kept, if there is one. */
    public static Optional<FieldError> firstError(JsonNode root) {
        Deque<Place> open = new ArrayDeque<>();
        open.push(new Place("", root));
        while (!open.isEmpty()) {
            Place place = open.pop();
            Optional<FieldError> error = error(place);
            if (error.isPresent()) {
                return error;
            }
            if (place.node().isObject()) {
                for (Map.Entry<String, JsonNode> field : place.node().properties()) {
                    if (hasLoneSurrogate(field.getKey())) {
                        return Optional.of(
                                new FieldError(
                                        pointerOrBody(place.pointer()),
                                        "a field's name has a lone surrogate (half of a character);"
                                                + " accepted: valid Unicode"));
                    }
                    open.push(new Place(child(place, field.getKey()), field.getValue()));
                }
            } else if (place.node().isArray()) {
                for (int i = 0; i < place.node().size(); i++) {
                    open.push(new Place(child(place, Integer.toString(i)), place.node().get(i)));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<FieldError> error(Place place) {
        JsonNode node = place.node();
        if (node.isString() && hasLoneSurrogate(node.stringValue())) {
            return Optional.of(
                    new FieldError(
                            pointerOrBody(place.pointer()),
                            "has a lone surrogate (half of a character); accepted: valid Unicode"));
        }
        if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            return Optional.of(
                    new FieldError(
                            pointerOrBody(place.pointer()),
                            "is too large a number; accepted: up to 1.7e308"));
        }
        return Optional.empty();
    }

    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static String child(Place parent, String name) {
        return parent.pointer() + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static String pointerOrBody(String pointer) {
        return pointer.isEmpty() ? "body" : pointer;
    }
}
