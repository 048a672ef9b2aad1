package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.Bodies;
import io.llmfleet.producer.deadletter.LetterJob;
import io.llmfleet.producer.deadletter.LetterJobs;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Decides about many dead letters, and shows how far that is. */
@Tag(name = "Dead letters")
@RestController
@RequestMapping(path = "/api/v1/dead-letters/jobs", produces = MediaType.APPLICATION_JSON_VALUE)
class LetterJobController {

    private final LetterJobs jobs;
    private final OnceCalls once;

    LetterJobController(LetterJobs jobs, OnceCalls once) {
        this.jobs = jobs;
        this.once = once;
    }

    @Operation(
            summary = "Replay or discard many",
            description =
                    """
                    Takes the open letters of the filter that there are now, and decides about them one by one at a \
                    rate, each once, whichever replicas there are and die. What fails again is another letter, which \
                    is not taken.\
                    """,
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    LetterJobRequest.class))))
    @ApiResponse(responseCode = "202", description = "It began.", useReturnTypeSchema = true)
    @Refusals.OfOnce
    @Refusals.OfBodies
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<LetterJob> start(
            @AuthenticationPrincipal Caller caller, HttpServletRequest request) throws IOException {
        byte[] body = Bodies.read(request);
        LetterJobs.Order order = LetterJobRequest.read(body);
        String id =
                once.run(
                        caller,
                        body,
                        () ->
                                jobs.start(DeadLetterController.scope(caller), order)
                                        .id()
                                        .toString());
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/dead-letters/jobs/" + id))
                .body(get(caller, id));
    }

    @Operation(summary = "List replays and discards of many", description = "Newest first.")
    @PageParameters
    @ApiResponse(responseCode = "200", description = "One page.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping
    LetterJobPage list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        QueryParameters query =
                new QueryParameters(request.getParameterMap(), List.of("after", "limit"));
        UUID after = query.after();
        int limit = query.limit();
        query.requireValid();
        return LetterJobPage.of(jobs.list(DeadLetterController.scope(caller), after, limit), limit);
    }

    @Operation(
            summary = "Look a replay or discard of many up",
            description = "How many it took, did, and could not do.")
    @ApiResponse(responseCode = "200", description = "As it is now.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @GetMapping("/{id}")
    LetterJob get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        UUID job = PathId.require("dead letter job", id);
        return jobs.find(DeadLetterController.scope(caller), job)
                .orElseThrow(() -> BadRequestException.unknown("dead letter job", id));
    }

    @Operation(
            summary = "Stop a replay or discard of many",
            description = "Letters that it did not come to stay open. One that is over stays so.")
    @ApiResponse(responseCode = "200", description = "As it is now.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @Refusals.OfOnce
    @PostMapping("/{id}/cancel")
    LetterJob cancel(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        UUID job = PathId.require("dead letter job", id);
        once.run(
                caller,
                () ->
                        jobs.cancel(DeadLetterController.scope(caller), job)
                                .orElseThrow(
                                        () -> BadRequestException.unknown("dead letter job", id))
                                .id()
                                .toString());
        return get(caller, id);
    }
}
