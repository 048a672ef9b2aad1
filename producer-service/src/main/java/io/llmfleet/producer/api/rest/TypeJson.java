package io.llmfleet.producer.api.rest;

import io.llmfleet.type.TaskType;
import io.swagger.v3.oas.annotations.media.Schema;
import tools.jackson.databind.JsonNode;

/** A type of task as the API shows it. */
@Schema(name = "Type", description = "What can be asked.")
record TypeJson(
        @Schema(example = "summarize") String name,
        String description,
        @Schema(types = "object", description = "JSON Schema (2020-12) of a task's input.")
                JsonNode input,
        @Schema(types = "object", description = "JSON Schema (2020-12) of a result's output.")
                JsonNode output) {

    static TypeJson of(TaskType type) {
        return new TypeJson(type.name(), type.description(), type.input(), type.output());
    }
}
