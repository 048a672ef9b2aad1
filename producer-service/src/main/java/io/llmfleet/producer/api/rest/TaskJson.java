package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.TaskView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task as the API shows it; what is not known or not there is left out.
 *
 * @param result the stored bytes, passed on as they are
 */
@Schema(name = "Task", description = "A task and what became of it.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record TaskJson(
        @Schema(description = "UUIDv7: sorts by the time of acceptance.") UUID id,
        @Schema(example = "summarize") String type,
        @Schema(example = "any") String target,
        Priority priority,
        @Schema(description = "SUCCEEDED, FAILED, CANCELLED and EXPIRED are final.")
                TaskState state,
        Instant createdAt,
        @Schema(description = "When the task becomes EXPIRED if it is not final.") Instant deadline,
        @Schema(
                        type = "string",
                        example = "PT10M",
                        description = "How long one attempt may take (ISO 8601).")
                Duration callLimit,
        @Nullable String conversation,
        @Nullable Map<String, String> metadata,
        @Schema(description = "The batch or run that it belongs to.") @Nullable UUID batch,
        @Schema(description = "The task that delegated it.") @Nullable UUID parent,
        @Schema(description = "How many attempts were started.") int attempts,
        @Nullable Route route,
        @Schema(
                        description =
                                "There is one until the task is started, and only where one task is"
                                        + " looked up.")
                @Nullable QueueJson queue,
        @Schema(
                        implementation = ResultJson.class,
                        description = "There is one if the state is SUCCEEDED; never in lists.")
                @JsonRawValue
                @Nullable String result,
        @Nullable FailureJson failure,
        @Schema(description = "The attempts that failed.") @Nullable List<AttemptFailure> failures,
        Times times) {

    /** Where the router sent it. */
    @Schema(description = "Where the task went, and why.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Route(@Nullable String pool, @Nullable String model, @Nullable String why) {}

    /** Why it failed for good. */
    @Schema(name = "Failure", description = "Why the task failed for good.")
    record FailureJson(
            FailureCode code,
            @Schema(example = "the backend refused the request as wrong") String message,
            @Schema(description = "Whether the same task may succeed when it is asked again.")
                    boolean retryable) {}

    /** When things happened. */
    @Schema(description = "When things happened, as far as they did.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Times(
            @Schema(description = "When the broker took it.") @Nullable Instant queuedAt,
            @Schema(description = "When the last attempt started.") @Nullable Instant startedAt,
            @Schema(description = "When it became final.") @Nullable Instant finishedAt) {}

    static TaskJson of(TaskView task) {
        return of(task, null);
    }

    static TaskJson of(TaskView task, @Nullable QueueJson queue) {
        return new TaskJson(
                task.id(),
                task.type(),
                task.target(),
                task.priority(),
                task.state(),
                task.createdAt(),
                task.deadline(),
                task.callLimit(),
                task.conversation(),
                task.metadata().isEmpty() ? null : task.metadata(),
                task.batch(),
                task.parent(),
                task.attempts(),
                route(task),
                queue,
                task.result() == null ? null : new String(task.result(), StandardCharsets.UTF_8),
                failure(task),
                task.failures().isEmpty() ? null : task.failures(),
                new Times(task.queuedAt(), task.startedAt(), task.finishedAt()));
    }

    private static @Nullable Route route(TaskView task) {
        return task.pool() == null && task.model() == null && task.routeReason() == null
                ? null
                : new Route(task.pool(), task.model(), task.routeReason());
    }

    private static @Nullable FailureJson failure(TaskView task) {
        return task.failure() == null
                ? null
                : new FailureJson(
                        task.failure().code(),
                        task.failure().message(),
                        task.failure().retryable());
    }
}
