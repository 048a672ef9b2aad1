package io.llmfleet.producer.pipeline.definition;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One task of a step, as it will be submitted once its templates are filled.
 *
 * @param id by which later calls of the step know its output
 * @param request the fields of a task's request: type, target, priority, input and so on
 */
public record Call(String id, Template request) {

    /**
     * @throws ExpressionException if a template fails
     */
    public JsonNode fill(Map<String, JsonNode> scope) {
        return request.fill(scope);
    }
}
