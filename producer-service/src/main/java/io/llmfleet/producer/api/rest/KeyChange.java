package io.llmfleet.producer.api.rest;

import io.swagger.v3.oas.annotations.media.Schema;

/** The shape of a change, for the API's description alone; {@link LimitFields} reads it. */
@Schema(name = "KeyChange", requiredProperties = "limits")
record KeyChange(
        @Schema(description = "What is left out stays as it is; null is the fleet's default.")
                LimitsJson limits) {}
