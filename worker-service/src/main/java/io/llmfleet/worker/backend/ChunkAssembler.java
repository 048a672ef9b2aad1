package io.llmfleet.worker.backend;

import io.llmfleet.wire.Json;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts an OpenAI chat completion together from its chunks.
 *
 * <p>Of a choice's deltas, texts are joined, objects merged, and items of a list that carry an
 * {@code index} merged by it; what identifies something is taken as it came last.
 */
final class ChunkAssembler {

    private static final Set<String> IDENTIFYING = Set.of("id", "type", "role", "index");

    private final ObjectNode completion = Json.MAPPER.createObjectNode();
    private final TreeMap<Integer, ObjectNode> choices = new TreeMap<>();
    private boolean finished;

    void add(JsonNode chunk) {
        for (var field : chunk.properties()) {
            if (!field.getKey().equals("choices") && !field.getValue().isNull()) {
                completion.set(field.getKey(), field.getValue());
            }
        }
        chunk.path("choices").forEach(this::addChoice);
    }

    /** Whether some choice came to its end. */
    boolean finished() {
        return finished;
    }

    ObjectNode completion() {
        completion.put("object", "chat.completion");
        ArrayNode all = completion.putArray("choices");
        choices.values().forEach(all::add);
        return completion;
    }

    private void addChoice(JsonNode piece) {
        int index = piece.path("index").asInt(0);
        ObjectNode choice = choices.computeIfAbsent(index, ChunkAssembler::newChoice);
        if (piece.path("delta") instanceof ObjectNode delta) {
            merge((ObjectNode) choice.get("message"), delta);
        }
        if (piece.path("logprobs") instanceof ObjectNode logprobs) {
            merge(choice.withObject("logprobs"), logprobs);
        }
        if (piece.path("finish_reason").isString()) {
            choice.set("finish_reason", piece.get("finish_reason"));
            finished = true;
        }
    }

    private static ObjectNode newChoice(int index) {
        ObjectNode choice = Json.MAPPER.createObjectNode().put("index", index);
        choice.putObject("message").put("role", "assistant").putNull("content");
        return choice;
    }

    private static void merge(ObjectNode into, ObjectNode piece) {
        for (var field : piece.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            JsonNode known = into.get(name);
            if (value.isNull()) {
                continue;
            }
            if (known == null || known.isNull()) {
                into.set(name, value instanceof ArrayNode array ? joined(null, array) : value);
            } else if (known.isString() && value.isString() && !IDENTIFYING.contains(name)) {
                into.put(name, known.stringValue() + value.stringValue());
            } else if (known instanceof ObjectNode object && value instanceof ObjectNode more) {
                merge(object, more);
            } else if (known instanceof ArrayNode array && value instanceof ArrayNode more) {
                into.set(name, joined(array, more));
            } else {
                into.set(name, value);
            }
        }
    }

    private static ArrayNode joined(@Nullable ArrayNode known, ArrayNode more) {
        ArrayNode all = known == null ? Json.MAPPER.createArrayNode() : known;
        for (JsonNode item : more) {
            ObjectNode same = withIndex(all, item);
            if (same == null) {
                all.add(item.deepCopy());
            } else {
                merge(same, (ObjectNode) item);
            }
        }
        return all;
    }

    private static @Nullable ObjectNode withIndex(ArrayNode items, JsonNode piece) {
        if (!piece.isObject() || !piece.path("index").isInt()) {
            return null;
        }
        for (JsonNode item : items) {
            if (item instanceof ObjectNode object
                    && item.path("index").asInt(-1) == piece.get("index").asInt()) {
                return object;
            }
        }
        return null;
    }
}
