package io.llmfleet.producer.api.rest;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.access.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** What can be asked about single tasks. */
@Tag(name = "Tasks", description = "Hand over LLM work and get the answers back.")
@RequestMapping(path = "/api/v1/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
interface TaskApi {

    @Operation(
            summary = "Submit a task",
            description =
                    """
                    Stores the task and answers 202; from then on it is not lost. With `Prefer: wait=30` the answer \
                    waits up to so many seconds (60 at most) for the final state: 200 with the final task, or 202 when \
                    the time is over and the task goes on. At most 4 MiB.\
                    """,
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = TaskRequest.class),
                                            examples = {
                                                @ExampleObject(
                                                        name = "chat",
                                                        value = Examples.CHAT),
                                                @ExampleObject(
                                                        name = "classify",
                                                        value = Examples.CLASSIFY)
                                            })))
    @ApiResponse(
            responseCode = "202",
            description = "Accepted: stored, and on its way.",
            headers =
                    @Header(
                            name = "Location",
                            description = "Where to look it up.",
                            schema = @Schema(type = "string")),
            useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "200",
            description = "Final, while the caller waited.",
            headers =
                    @Header(
                            name = "Preference-Applied",
                            description = "wait=<seconds>",
                            schema = @Schema(type = "string")),
            useReturnTypeSchema = true)
    @Refusals.OfOnce
    @Refusals.OfBodies
    @Refusals.OfTurns
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<TaskJson> submit(
            Caller caller,
            @Parameter(
                            in = ParameterIn.HEADER,
                            name = "Prefer",
                            description = "wait=<seconds>, up to 60",
                            example = "wait=30")
                    @Nullable String prefer,
            @Parameter(hidden = true) @Nullable String idempotencyKey,
            HttpServletRequest request)
            throws IOException;

    @Operation(
            summary = "Look a task up",
            description =
                    "Answers at once, or with `Prefer: wait=30` when the task is final or the time"
                            + " is over.")
    @ApiResponse(responseCode = "200", description = "The task.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @GetMapping("/{id}")
    ResponseEntity<TaskJson> get(
            Caller caller,
            @Parameter(description = "The task's id.") String id,
            @Parameter(
                            in = ParameterIn.HEADER,
                            name = "Prefer",
                            description = "wait=<seconds>, up to 60")
                    @Nullable String prefer);

    @Operation(
            summary = "Show what a task was asked",
            description = "Its input and parameters as they were accepted.")
    @ApiResponse(
            responseCode = "200",
            description = "The input; 404 also where the content is gone.",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = TaskInputJson.class)))
    @Refusals.OfOne
    @GetMapping("/{id}/input")
    byte[] input(Caller caller, @Parameter(description = "The task's id.") String id);

    @Operation(
            summary = "List tasks",
            description = "Newest first, without results; all filters must hold.")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "state",
            schema = @Schema(implementation = TaskState.class))
    @Parameter(in = ParameterIn.QUERY, name = "type", schema = @Schema(type = "string"))
    @Parameter(in = ParameterIn.QUERY, name = "target", schema = @Schema(type = "string"))
    @Parameter(in = ParameterIn.QUERY, name = "conversation", schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "parent",
            description = "The task that delegated them.",
            schema = @Schema(type = "string", format = "uuid"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "batch",
            schema = @Schema(type = "string", format = "uuid"))
    @PageParameters
    @ApiResponse(responseCode = "200", description = "One page.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping
    TaskPage list(Caller caller, HttpServletRequest request);

    @Operation(
            summary = "Cancel a task",
            description =
                    """
                    CANCELLED is final: a queued task never starts, a running call is aborted, and a result that comes \
                    all the same has no effect. A task that is final already stays as it is.\
                    """)
    @ApiResponse(
            responseCode = "200",
            description = "The task as it is now.",
            useReturnTypeSchema = true)
    @Refusals.OfOne
    @PostMapping("/{id}/cancel")
    TaskJson cancel(Caller caller, @Parameter(description = "The task's id.") String id);

    @Operation(
            summary = "Delete a task's content",
            description =
                    """
                    Cancels the task if it is not final, and removes its input, output and metadata; what is left says \
                    that there was one. A message that is still queued is dropped by the worker that finds it.\
                    """)
    @ApiResponse(responseCode = "204", description = "Deleted.")
    @Refusals.OfOne
    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(
            Caller caller, @Parameter(description = "The task's id.") String id);
}
