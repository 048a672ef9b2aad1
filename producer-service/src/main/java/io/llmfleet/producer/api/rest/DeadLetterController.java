package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.access.Role;
import io.llmfleet.producer.api.Bodies;
import io.llmfleet.producer.deadletter.DeadLetter;
import io.llmfleet.producer.deadletter.DeadLetters;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.tracing.Spans;
import io.llmfleet.wire.Headers;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Shows dead letters and takes decisions about them. */
@Tag(
        name = "Dead letters",
        description =
                "Tasks that failed for good and messages that could not be read, kept until a"
                        + " person decides. An admin's key sees those of all tenants.")
@RestController
@RequestMapping(path = "/api/v1/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
class DeadLetterController {

    private final DeadLetters letters;
    private final OnceCalls once;

    DeadLetterController(DeadLetters letters, OnceCalls once) {
        this.letters = letters;
        this.once = once;
    }

    @Operation(
            summary = "Look a dead letter up",
            description = "With its reason and the failure of each attempt.")
    @ApiResponse(responseCode = "200", description = "The letter.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @GetMapping("/{id}")
    DeadLetter get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return letters.find(scope(caller), PathId.require("dead letter", id))
                .orElseThrow(() -> BadRequestException.unknown("dead letter", id));
    }

    @Operation(
            summary = "Show what a dead letter's task was asked",
            description = "Its input and parameters as they were accepted, to be edited.")
    @ApiResponse(
            responseCode = "200",
            description = "The input; 404 also where the content is gone.",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = TaskInputJson.class)))
    @Refusals.OfOne
    @GetMapping("/{id}/input")
    byte[] input(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return letters.input(scope(caller), PathId.require("dead letter", id))
                .orElseThrow(() -> BadRequestException.unknown("dead letter with content", id));
    }

    @Operation(
            summary = "Replay a dead letter",
            description =
                    """
                    Runs its task again from the start, under the same id and with the next epoch; at most once for a \
                    letter, however often it is asked for. If the task fails again, there is another letter.\
                    """)
    @ApiResponse(
            responseCode = "202",
            description = "The task is on its way again.",
            useReturnTypeSchema = true)
    @Refusals.OfDecisions
    @Refusals.OfOnce
    @PostMapping("/{id}/replay")
    ResponseEntity<DeadLetter> replay(
            @AuthenticationPrincipal Caller caller, @PathVariable String id) {
        UUID letter = PathId.require("dead letter", id);
        once.run(
                caller,
                () -> {
                    require(letters.replay(scope(caller), letter), id);
                    return id;
                });
        return ResponseEntity.accepted().body(get(caller, id));
    }

    @Operation(
            summary = "Replay an edited copy",
            description =
                    """
                    Makes another task of the letter's, with the fields of a request for a task that are said here in \
                    place of its own (`input`, `parameters`, `target`, `type`, ...); null leaves a field out. The target \
                    may be a model. It counts as the replay of the letter, which names the copy; \
                    `GET /api/v1/dead-letters?task=` finds the letter by the copy.\
                    """,
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(types = "object"),
                                            examples =
                                                    @ExampleObject(
                                                            "{\"target\": \"other-model\"}"))))
    @ApiResponse(
            responseCode = "202",
            description = "The letter; its copy is on its way.",
            useReturnTypeSchema = true)
    @Refusals.OfOnce
    @Refusals.OfBodies
    @Refusals.OfDecisions
    @PostMapping(path = "/{id}/copy", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<DeadLetter> copy(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            HttpServletRequest request)
            throws IOException {
        UUID letter = PathId.require("dead letter", id);
        byte[] body = Bodies.read(request);
        JsonNode changes = new RequestFields(body, TaskRequestParser.FIELDS).whole();
        String trace = Spans.ofRequest(request.getHeader(Headers.TRACE_PARENT));
        once.run(
                caller,
                body,
                () -> {
                    require(letters.copy(scope(caller), letter, changes, trace), id);
                    return id;
                });
        return ResponseEntity.accepted().body(get(caller, id));
    }

    private static void require(DeadLetters.Copied copied, String id) {
        switch (copied) {
            case DeadLetters.Copied.Done done -> Spans.requestIsAbout(done.task());
            case DeadLetters.Copied.Refused refused -> require(refused.why(), id);
            case DeadLetters.Copied.Invalid invalid ->
                    throw BadRequestException.of(invalid.errors());
        }
    }

    @Operation(
            summary = "Discard a dead letter",
            description = "Nothing more is done about it; a message's body is deleted.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    DiscardRequest.class))))
    @ApiResponse(
            responseCode = "200",
            description = "The letter as it is now.",
            useReturnTypeSchema = true)
    @Refusals.OfOnce
    @Refusals.OfBodies
    @Refusals.OfDecisions
    @PostMapping(path = "/{id}/discard", consumes = MediaType.APPLICATION_JSON_VALUE)
    DeadLetter discard(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            HttpServletRequest request)
            throws IOException {
        UUID letter = PathId.require("dead letter", id);
        byte[] body = Bodies.read(request);
        DiscardRequest why = DiscardRequest.read(body);
        once.run(
                caller,
                body,
                () -> {
                    require(letters.discard(scope(caller), letter, why.reason()), id);
                    return id;
                });
        return get(caller, id);
    }

    static @Nullable String scope(Caller caller) {
        return caller.role() == Role.ADMIN ? null : caller.tenant();
    }

    private static void require(DeadLetters.Decision decision, String id) {
        switch (decision) {
            case DONE -> {}
            case UNKNOWN -> throw BadRequestException.unknown("dead letter", id);
            case DECIDED_BEFORE ->
                    throw conflict("was decided about before; accepted: one in the state OPEN");
            case IMPOSSIBLE ->
                    throw conflict(
                            "cannot be run: its content is gone, or it is a message that cannot be"
                                    + " read; accepted: discard");
        }
    }

    private static BadRequestException conflict(String message) {
        return new BadRequestException(
                HttpStatus.CONFLICT,
                "The dead letter " + message + ".",
                List.of(new FieldError("id", message)));
    }
}
