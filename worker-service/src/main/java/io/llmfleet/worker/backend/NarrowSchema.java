package io.llmfleet.worker.backend;

import io.llmfleet.type.TaskType;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The output schema of a type, narrowed to what one input asks for: backends that make grammars of
 * schemas then write nothing else.
 */
final class NarrowSchema {

    private NarrowSchema() {}

    static JsonNode of(TaskType type, JsonNode input) {
        return switch (type.name()) {
            case "classify" -> oneOf(type.output(), input.path("labels"));
            case "extract" -> only(type.output(), input);
            default -> type.output();
        };
    }

    private static JsonNode oneOf(JsonNode output, JsonNode labels) {
        JsonNode narrow = output.deepCopy();
        if (labels.isEmpty() || !(narrow.at("/properties/label") instanceof ObjectNode label)) {
            return output;
        }
        ArrayNode names = label.putArray("enum");
        labels.forEach(l -> names.add(l.isObject() ? l.path("name") : l));
        return narrow;
    }

    /** Of the fields of which it needs any, the one that is asked for. */
    private static JsonNode only(JsonNode output, JsonNode input) {
        String field =
                switch (input.path("what").asString("keyphrases")) {
                    case "triples" -> "triples";
                    case "fields" -> "fields";
                    default -> "keyPhrases";
                };
        Optional<JsonNode> schema = output.path("properties").optional(field);
        if (schema.isEmpty() || !(output.deepCopy() instanceof ObjectNode narrow)) {
            return output;
        }
        narrow.remove("anyOf");
        boolean described = field.equals("fields") && input.path("fields").isObject();
        narrow.putObject("properties").set(field, described ? input.get("fields") : schema.get());
        narrow.putArray("required").add(field);
        return narrow;
    }
}
