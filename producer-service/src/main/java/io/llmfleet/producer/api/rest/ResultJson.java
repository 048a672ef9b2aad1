package io.llmfleet.producer.api.rest;

import io.llmfleet.model.Usage;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a result, for the API's description alone: the stored bytes are passed on as they
 * are.
 */
@Schema(name = "Result", description = "What a task that succeeded gave.")
record ResultJson(
        @Schema(types = "object", description = "Of the shape of the type's output schema.")
                Object output,
        @Nullable Usage usage,
        @Schema(description = "The model that did it.", example = "builtin-minilm") String model) {}
