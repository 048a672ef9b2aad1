package io.llmfleet.producer.deadletter;

import io.llmfleet.wire.Json;
import io.llmfleet.wire.UnreadableMessageException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The structure of JSON without its values: names in order and types, lists as the set of what is
 * in them. Equal structures have equal texts, whatever wrote them.
 */
final class MessageShape {

    /** What is larger is not looked at. */
    static final int MOST_BYTES = 1_000_000;

    static final String LARGE = "large";
    static final String NO_JSON = "no JSON";
    private static final int LONGEST = 160;
    private static final int DIGITS = 12;
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_.$-]{1,40}");

    private MessageShape() {}

    static String of(byte[] json) {
        return of(json, whole -> whole);
    }

    /** Of a task's body only the input. */
    static String ofInput(byte[] body) {
        return of(body, whole -> whole.path("input"));
    }

    private static String of(byte[] json, UnaryOperator<JsonNode> part) {
        if (json.length > MOST_BYTES) {
            return LARGE;
        }
        try {
            return of(part.apply(Json.tree(json)));
        } catch (UnreadableMessageException e) {
            return NO_JSON;
        }
    }

    /** The text, or its beginning and a digest of the whole where it is long. */
    static String of(JsonNode json) {
        String whole = whole(json);
        return whole.length() <= LONGEST
                ? whole
                : whole.substring(0, LONGEST - DIGITS) + "…#" + digest(whole);
    }

    private static String whole(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT -> object(json);
            case ARRAY -> list(json);
            case STRING -> "text";
            case NUMBER -> "number";
            case BOOLEAN -> "flag";
            default -> "null";
        };
    }

    private static String object(JsonNode json) {
        TreeMap<String, String> fields = new TreeMap<>();
        json.properties().forEach(f -> fields.put(name(f.getKey()), whole(f.getValue())));
        StringBuilder text = new StringBuilder("{");
        fields.forEach((name, shape) -> text.append(name).append(": ").append(shape).append(", "));
        return fields.isEmpty() ? "{}" : text.replace(text.length() - 2, text.length(), "}") + "";
    }

    private static String list(JsonNode json) {
        TreeSet<String> kinds = new TreeSet<>();
        json.forEach(each -> kinds.add(whole(each)));
        return "[" + String.join(" | ", kinds) + "]";
    }

    /** Names may be anybody's text; what is not a plain one is told apart and not shown. */
    private static String name(String name) {
        return PLAIN.matcher(name).matches() ? name : "#" + digest(name);
    }

    private static String digest(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(bytes).toString().replace("-", "").substring(0, DIGITS);
    }
}
