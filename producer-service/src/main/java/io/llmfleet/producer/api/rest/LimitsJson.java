package io.llmfleet.producer.api.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The shape of a key's limits, for the API's description alone; {@link LimitFields} reads them. */
@Schema(name = "Limits", description = "What is null or left out is the fleet's default.")
record LimitsJson(
        @Schema(description = "HTTP requests.", example = "600") @Nullable Long requestsPerMinute,
        @Schema(description = "Tokens of prompts and answers.", example = "100000")
                @Nullable Long tokensPerMinute,
        @Schema(description = "Unfinished tasks at once.", example = "1000")
                @Nullable Long queuedTasks,
        @Schema(description = "Tokens that were used on a day (UTC).") @Nullable Long tokensPerDay,
        @Schema(description = "Money that was spent on a day (UTC).", example = "25")
                @Nullable BigDecimal costPerDay,
        @Schema(description = "Bytes of a request, or of a line of many.")
                @Nullable Integer bodySize,
        @Schema(description = "Levels of nested JSON.") @Nullable Integer jsonDepth) {}
