package io.llmfleet.worker.backend;

import io.llmfleet.type.Schemas;
import io.llmfleet.type.TaskType;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the answer of an OpenAI-compatible endpoint into the output of the task's type, and checks
 * it.
 */
final class OpenAiAnswer {

    /** An output that fits its schema, or what is wrong; the reason never quotes the answer. */
    sealed interface Read {

        record Output(JsonNode value) implements Read {}

        record Broken(String why) implements Read {}
    }

    private static final Pattern FENCE = Pattern.compile("(?s)```(?:json)?\\s*(.*?)\\s*```");

    private OpenAiAnswer() {}

    static Read read(Backend.Call call, JsonNode answer) {
        TaskType.Prompt prompt = call.type().prompt();
        return prompt == null ? checked(call, answer) : ofPrompt(call, prompt, answer);
    }

    private static Read ofPrompt(Backend.Call call, TaskType.Prompt prompt, JsonNode answer) {
        JsonNode content = answer.path("choices").path(0).path("message").path("content");
        if (!content.isString()) {
            return new Read.Broken("the answer has no choices[0].message.content");
        }
        String text = content.asString();
        JsonNode wanted = call.input().path("schema");
        String field = prompt.textField();
        if (field == null) {
            JsonNode json = json(text);
            return json == null ? new Read.Broken("the answer is not JSON") : checked(call, json);
        }
        ObjectNode output = Json.MAPPER.createObjectNode().put(field, text);
        if (wanted.isObject()) {
            JsonNode json = json(text);
            if (json == null) {
                return new Read.Broken("the answer is not JSON, which the input's schema asks for");
            }
            List<String> errors = Schemas.check(wanted, json);
            if (!errors.isEmpty()) {
                return new Read.Broken(
                        "the answer breaks the input's schema at " + pointers(errors));
            }
            output.set("json", json);
        }
        return checked(call, output);
    }

    /** What the backend was asked to keep to; it may not have. */
    private static Read checked(Backend.Call call, JsonNode output) {
        TaskType type = call.type();
        List<String> errors = Schemas.check(NarrowSchema.of(type, call.input()), output);
        return errors.isEmpty()
                ? new Read.Output(output)
                : new Read.Broken(
                        "the answer breaks the output schema of '"
                                + type.name()
                                + "' at "
                                + pointers(errors));
    }

    private static List<String> pointers(List<String> errors) {
        return errors.stream()
                .map(e -> e.split(": ", 2)[0])
                .map(p -> p.isEmpty() ? "/" : p)
                .distinct()
                .limit(5)
                .toList();
    }

    private static @Nullable JsonNode json(String text) {
        Matcher fence = FENCE.matcher(text);
        String json = fence.find() ? fence.group(1) : text.strip();
        try {
            return Json.tree(json.getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            return null;
        }
    }
}
