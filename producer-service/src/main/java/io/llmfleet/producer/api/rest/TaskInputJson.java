package io.llmfleet.producer.api.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a task was asked, for the API's description alone: the stored bytes are passed on. */
@Schema(name = "TaskInput", description = "What a task was asked.")
record TaskInputJson(
        @Schema(types = "object", description = "Of the shape of the type's input schema.")
                Object input,
        @Schema(types = "object") @Nullable Object parameters,
        @Schema(
                        types = "object",
                        description =
                                "What the worker of a task that may delegate is told; not the field of a"
                                        + " request, so leave it out of a copy.")
                @Nullable Object delegation) {}
