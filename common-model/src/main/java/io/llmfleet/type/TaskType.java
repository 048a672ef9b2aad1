package io.llmfleet.type;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One kind of LLM work.
 *
 * @param name as in routing keys, see {@link io.llmfleet.model.Names#WORD}
 * @param description one sentence for people
 * @param input JSON Schema (2020-12) of a task's {@code input}
 * @param output JSON Schema (2020-12) of a result's {@code output}
 * @param prompt how an LLM is asked; null for {@code chat} and {@code embed}, whose input is the
 *     backend's own
 */
public record TaskType(
        String name, String description, JsonNode input, JsonNode output, @Nullable Prompt prompt) {

    /**
     * A chat request made from a task's input.
     *
     * @param system Mustache template of the system message
     * @param user Mustache template of the user message; the fields of the input are its variables
     * @param textField for a plain-text answer, the field of the output that holds it; null where
     *     the answer is JSON of the output schema
     */
    public record Prompt(@Nullable String system, String user, @Nullable String textField) {}

    /**
     * What an input breaks, each as {@code <JSON pointer>: <what is expected>}; empty where it
     * fits.
     */
    public List<String> checkInput(JsonNode value) {
        return Schemas.check(input, value);
    }

    /**
     * What an output breaks, each as {@code <JSON pointer>: <what is expected>}; empty where it
     * fits.
     */
    public List<String> checkOutput(JsonNode value) {
        return Schemas.check(output, value);
    }
}
