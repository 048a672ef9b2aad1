package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.task.FieldError;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The shape of every refusal, for the API's description alone. */
@Schema(name = "ProblemDetail", description = "Problem details (RFC 9457).")
record ProblemJson(
        @Schema(example = "Bad Request") String title,
        @Schema(example = "400") int status,
        @Schema(description = "What is wrong, for people.") String detail,
        @Schema(description = "What is wrong, field by field.") List<FieldError> errors) {}
