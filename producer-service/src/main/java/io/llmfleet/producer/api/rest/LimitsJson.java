package io.llmfleet.producer.api.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The shape of a key's limits, for the API's description alone; {@link LimitFields} reads them. */
@Schema(name = "Limits", description = "What is null or left out is the fleet's default.")
record LimitsJson(
        @Schema(
                        types = {"integer", "null"},
                        description = "HTTP requests.",
                        minimum = "1",
                        example = "600")
                @Nullable Long requestsPerMinute,
        @Schema(
                        types = {"integer", "null"},
                        description = "Tokens of prompts and answers.",
                        minimum = "1",
                        example = "100000")
                @Nullable Long tokensPerMinute,
        @Schema(
                        types = {"integer", "null"},
                        description = "Unfinished tasks at once.",
                        minimum = "1",
                        example = "1000")
                @Nullable Long queuedTasks,
        @Schema(
                        types = {"integer", "null"},
                        description = "Tokens that were used on a day (UTC).",
                        minimum = "1",
                        example = "5000000")
                @Nullable Long tokensPerDay,
        @Schema(
                        types = {"number", "null"},
                        description = "Money that was spent on a day (UTC).",
                        example = "25")
                @Nullable BigDecimal costPerDay,
        @Schema(
                        types = {"integer", "null"},
                        description = "Bytes of a request, or of a line of many.",
                        minimum = "256",
                        example = "1048576")
                @Nullable Integer bodySize,
        @Schema(
                        types = {"integer", "null"},
                        description = "Levels of nested JSON of a task.",
                        minimum = "4",
                        example = "50")
                @Nullable Integer jsonDepth) {}
