package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of a task's message: what only the worker reads.
 *
 * @param input of the shape of the type's input schema
 * @param parameters of the backend call ({@code temperature}, {@code max_tokens}, ...), passed on
 *     as they are
 * @param delegation of a task that may delegate; null for others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskBody(
        JsonNode input, @Nullable JsonNode parameters, @Nullable Delegation delegation) {

    public TaskBody(JsonNode input, @Nullable JsonNode parameters) {
        this(input, parameters, null);
    }
}
