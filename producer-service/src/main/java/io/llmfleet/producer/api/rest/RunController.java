package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.Bodies;
import io.llmfleet.producer.event.StreamProperties;
import io.llmfleet.producer.pipeline.Run;
import io.llmfleet.producer.pipeline.RunGraph;
import io.llmfleet.producer.pipeline.Runs;
import io.llmfleet.producer.pipeline.run.RunState;
import io.llmfleet.producer.task.FieldError;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows runs and changes them as their owner wishes. */
@RestController
@Tag(name = "Runs", description = "Executions of pipelines.")
@RequestMapping(path = "/api/v1/runs", produces = MediaType.APPLICATION_JSON_VALUE)
class RunController {

    private static final String MERMAID = "text/vnd.mermaid";

    private final Runs runs;
    private final OnceCalls once;
    private final StreamProperties streams;

    RunController(Runs runs, OnceCalls once, StreamProperties streams) {
        this.runs = runs;
        this.once = once;
        this.streams = streams;
    }

    @Operation(summary = "List runs", description = "Newest first.")
    @Parameter(in = ParameterIn.QUERY, name = "pipeline", schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "state",
            schema = @Schema(implementation = RunState.class))
    @PageParameters
    @ApiResponse(responseCode = "200", description = "One page.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping
    RunPage list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        QueryParameters query =
                new QueryParameters(
                        request.getParameterMap(), List.of("pipeline", "state", "after", "limit"));
        String pipeline = query.text("pipeline");
        RunState state = query.oneOf("state", RunState.class);
        UUID after = query.after();
        int limit = query.limit();
        query.requireValid();
        return RunPage.of(runs.list(caller.tenant(), pipeline, state, after, limit), limit);
    }

    @Operation(summary = "Look a run up", description = "With its steps, their tasks and outputs.")
    @ApiResponse(responseCode = "200", description = "The run.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @GetMapping("/{id}")
    RunJson get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return RunJson.of(find(caller, id));
    }

    @Operation(
            summary = "Draw a run",
            description = "As a Mermaid flowchart, each step with its state and time.")
    @ApiResponse(
            responseCode = "200",
            description = "The chart's text.",
            content = @Content(mediaType = MERMAID, schema = @Schema(type = "string")))
    @Refusals.OfOne
    @GetMapping(path = "/{id}/graph", produces = MediaType.ALL_VALUE)
    ResponseEntity<byte[]> graph(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        Run run = find(caller, id);
        if (run.definition() == null) {
            throw BadRequestException.unknown("run with content", id);
        }
        String chart = RunGraph.mermaid(run, run.definition(), Instant.now());
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(MERMAID + ";charset=UTF-8"))
                .body(chart.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Operation(
            summary = "Follow a run",
            description =
                    """
                    Server-sent events: `run` (id, state) and `step` (id, state, startedAt, finishedAt) for each state that \
                    they have or get, at last `final` with the whole run. Who connects again is told the states as they are.\
                    """)
    @ApiResponse(
            responseCode = "200",
            description = "Events until the run is final.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string")))
    @Refusals.OfOne
    @GetMapping(path = "/{id}/events", produces = MediaType.ALL_VALUE)
    void follow(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            HttpServletResponse response)
            throws IOException {
        Run run = find(caller, id);
        RunEvents events = new RunEvents(runs, caller.tenant(), run.id(), streams.keepAlive());
        events.write(response, run);
    }

    @Operation(
            summary = "Cancel a run",
            description = "And all of its tasks. One that is final stays as it is.")
    @ApiResponse(
            responseCode = "200",
            description = "The run as it is now.",
            useReturnTypeSchema = true)
    @Refusals.OfOne
    @PostMapping("/{id}/cancel")
    RunJson cancel(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        UUID run = PathId.require("run", id);
        require(runs.cancel(caller.tenant(), run), id, "");
        return RunJson.of(find(caller, id));
    }

    @Operation(
            summary = "Resume a run",
            description =
                    """
                    Goes on with a run that failed or was cancelled at the steps that did not succeed; what succeeded \
                    is kept, and none of it is called again. Its deadline begins anew.\
                    """)
    @ApiResponse(responseCode = "202", description = "It goes on.", useReturnTypeSchema = true)
    @Refusals.OfDecisions
    @Refusals.OfOnce
    @PostMapping("/{id}/resume")
    ResponseEntity<RunJson> resume(
            @AuthenticationPrincipal Caller caller, @PathVariable String id) {
        UUID run = PathId.require("run", id);
        once.run(
                caller,
                () -> {
                    require(
                            runs.resume(caller.tenant(), run),
                            id,
                            "it runs or succeeded, its content is gone, or a task of it still ends");
                    return id;
                });
        return ResponseEntity.accepted().body(RunJson.of(find(caller, id)));
    }

    @Operation(
            summary = "Give a waiting step its input",
            description = "Any JSON; it becomes the step's output.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            types = {
                                                                "object", "array", "string",
                                                                "number", "boolean"
                                                            }),
                                            examples = @ExampleObject("{\"yes\": true}"))))
    @ApiResponse(responseCode = "202", description = "The run goes on.", useReturnTypeSchema = true)
    @Refusals.OfBodies
    @Refusals.OfDecisions
    @Refusals.OfOnce
    @PostMapping(path = "/{id}/steps/{step}/input", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<RunJson> input(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @PathVariable String step,
            HttpServletRequest request)
            throws IOException {
        UUID run = PathId.require("run", id);
        byte[] body = Bodies.read(request);
        var input = RunInput.read(body);
        once.run(
                caller,
                body,
                () -> {
                    require(
                            runs.input(caller.tenant(), run, step, input),
                            id,
                            "no step of that name waits for an input");
                    return id;
                });
        return ResponseEntity.accepted().body(RunJson.of(find(caller, id)));
    }

    @Operation(
            summary = "Delete a run",
            description = "Cancels it, and removes its content and that of its tasks.")
    @ApiResponse(responseCode = "204", description = "Its content is gone.")
    @Refusals.OfOne
    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        require(runs.erase(caller.tenant(), PathId.require("run", id)), id, "");
        return ResponseEntity.noContent().build();
    }

    private Run find(Caller caller, String id) {
        return runs.find(caller.tenant(), PathId.require("run", id))
                .orElseThrow(() -> BadRequestException.unknown("run", id));
    }

    private static void require(Runs.Outcome outcome, String id, String conflict) {
        switch (outcome) {
            case DONE -> {}
            case UNKNOWN -> throw BadRequestException.unknown("run", id);
            case CONFLICT ->
                    throw new BadRequestException(
                            HttpStatus.CONFLICT,
                            "The run is in no state for it: " + conflict + ".",
                            List.of(new FieldError("id", conflict)));
        }
    }
}
