package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** How a task is followed. */
@Tag(name = "Tasks")
@RequestMapping("/api/v1/tasks")
interface EventApi {

    @Operation(
            summary = "Follow a task",
            description =
                    """
                    Server-sent events, each with a line of JSON: `state` (state, attempt, at, and where known pool, model, code, \
                    retryLevel) when it moves on, `delta` (attempt, seq, and text or choices) with a piece of the output (if the task was \
                    submitted with `"stream": true` in its parameters or its chat input), `restarted` (attempt) when every piece \
                    before is void because another attempt or model began, `gap` (attempt, message) when pieces are missing, and `final` with the \
                    whole task, after which the stream ends. With `queue=true` also `queue` while the task waits to be started, when \
                    its place in line changes or it is expected to start at another time. Every event but the first and `queue` has an id: whoever comes back with it as `Last-Event-ID`, \
                    to any replica, gets what follows, nothing twice. Who comes late gets the pieces from the start while the task is recent.\
                    """)
    @ApiResponse(
            responseCode = "200",
            description = "The events as they come.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string")))
    @ApiResponse(
            responseCode = "204",
            description = "The reader has seen the end already.",
            content = @Content)
    @Refusals.OfOne
    @Refusals.OfLists
    @GetMapping("/{id}/events")
    void follow(
            Caller caller,
            @Parameter(description = "The task's id.") String id,
            @Parameter(
                            in = ParameterIn.HEADER,
                            name = "Last-Event-ID",
                            description = "The id of the last event that was seen.")
                    @Nullable String lastEventId,
            @Parameter(
                            in = ParameterIn.QUERY,
                            name = "queue",
                            description = "Whether to tell the place in line.",
                            schema = @Schema(type = "boolean", defaultValue = "false"))
                    @Nullable String queue,
            HttpServletResponse response)
            throws IOException;
}
