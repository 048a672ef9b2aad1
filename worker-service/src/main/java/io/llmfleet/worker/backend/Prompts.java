package io.llmfleet.worker.backend;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.llmfleet.type.TaskType;
import io.llmfleet.wire.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Makes chat messages of a task's input by the templates of its type. */
final class Prompts {

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    private static final Mustache.Compiler MUSTACHE =
            Mustache.compiler().escapeHTML(false).defaultValue("").emptyStringIsFalse(true);

    private static final Map<String, Template> COMPILED = new ConcurrentHashMap<>();

    private Prompts() {}

    static ArrayNode messages(TaskType.Prompt prompt, JsonNode input) {
        Map<String, Object> variables = variables(input);
        ArrayNode messages = Json.MAPPER.createArrayNode();
        add(messages, "system", prompt.system(), variables);
        add(messages, "user", prompt.user(), variables);
        return messages;
    }

    private static void add(
            ArrayNode messages,
            String role,
            @Nullable String template,
            Map<String, Object> variables) {
        if (template == null) {
            return;
        }
        String text =
                COMPILED.computeIfAbsent(template, MUSTACHE::compile).execute(variables).strip();
        if (!text.isEmpty()) {
            messages.addObject().put("role", role).put("content", text);
        }
    }

    /** The input's fields; a text or list of texts also as a list, and an object also as JSON. */
    private static Map<String, Object> variables(JsonNode input) {
        Map<String, Object> variables = new HashMap<>(Json.MAPPER.convertValue(input, MAP));
        Object context = variables.get("context");
        if (context != null) {
            variables.put("contexts", context instanceof List<?> ? context : List.of(context));
        }
        if (input.has("fields")) {
            variables.put("fieldsJson", input.get("fields").toString());
        }
        if (variables.get("labels") instanceof List<?> labels) {
            variables.put(
                    "labels",
                    labels.stream()
                            .map(l -> l instanceof String s ? Map.of("name", s) : l)
                            .toList());
        }
        return variables;
    }
}
