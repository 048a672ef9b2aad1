package io.llmfleet.producer.api.rest;

import io.llmfleet.model.Priority;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a request, for the API's description alone; {@link
 * io.llmfleet.producer.task.TaskRequestParser} reads it.
 */
@Schema(
        name = "TaskRequest",
        description = "A piece of LLM work. Any other field is refused.",
        requiredProperties = {"type", "input"})
record TaskRequest(
        @Schema(description = "What is asked; GET /api/v1/types lists them.", example = "summarize")
                String type,
        @Schema(
                        types = "object",
                        description = "Of the shape of the type's input schema.",
                        example = "{\"text\": \"A long text.\", \"sentences\": 2}")
                Object input,
        @Schema(
                        types = "object",
                        description = "For the backend call, passed on as they are.",
                        example = "{\"temperature\": 0.2}")
                @Nullable Object parameters,
        @Schema(description = "A pool, a model, or any.", defaultValue = "any", example = "any")
                @Nullable String target,
        @Schema(defaultValue = "normal") @Nullable Priority priority,
        @Schema(
                        type = "string",
                        description =
                                "The task's whole life: an ISO 8601 time in the future, or a"
                                        + " duration from now; at most 6 days, 24 hours if it is"
                                        + " left out.",
                        example = "PT30M")
                @Nullable String deadline,
        @Schema(
                        type = "string",
                        description =
                                "How long one attempt may take: an ISO 8601 duration from 1 second"
                                        + " to 90 minutes.",
                        defaultValue = "PT10M")
                @Nullable String callLimit,
        @Schema(
                        description =
                                "Tasks that share this key run one after the other; 1 to 200 characters.")
                @Nullable String conversation,
        @Schema(
                        types = "object",
                        description =
                                "For tasks of a conversation: onFailure (skip, halt), whileRunning"
                                        + " (enqueue, reject, interrupt) and, for chats, history"
                                        + " ({turns: n} or {tokens: n}).",
                        example = "{\"onFailure\": \"halt\", \"history\": {\"turns\": 10}}")
                @Nullable Object turn,
        @Schema(
                        types = "object",
                        description =
                                "Lets the task send tasks to others while it runs, up to these"
                                        + " limits: maxDepth, maxTasks, maxTokens. {} for the usual"
                                        + " ones.",
                        example = "{\"maxDepth\": 1, \"maxTasks\": 4}")
                @Nullable Object delegation,
        @Schema(
                        description =
                                "Up to 16 pairs, given back with the task; keys up to 64"
                                        + " characters, values up to 512.")
                @Nullable Map<String, String> metadata,
        @Schema(
                        description =
                                "An http or https URL that is told when the task is final; at most 2000 characters.")
                @Nullable String webhook) {}
