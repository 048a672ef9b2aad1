package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.Bodies;
import io.llmfleet.producer.deadletter.LetterPolicies;
import io.llmfleet.producer.deadletter.LetterPolicy;
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
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows and changes which dead letters are replayed without a person. */
@Tag(name = "Dead letters")
@RestController
@RequestMapping(path = "/api/v1/dead-letters/policies", produces = MediaType.APPLICATION_JSON_VALUE)
class LetterPolicyController {

    private final LetterPolicies policies;
    private final OnceCalls once;

    LetterPolicyController(LetterPolicies policies, OnceCalls once) {
        this.policies = policies;
        this.once = once;
    }

    @Operation(summary = "List policies", description = "Oldest first, with what they replayed.")
    @ApiResponse(responseCode = "200", description = "All.", useReturnTypeSchema = true)
    @Refusals.OfAll
    @GetMapping
    List<LetterPolicy> list(@AuthenticationPrincipal Caller caller) {
        return policies.list(DeadLetterController.scope(caller));
    }

    @Operation(
            summary = "Add a policy",
            description =
                    """
                    Replays letters of a code without a person: some time after they failed, or when the breaker of the \
                    backend that they failed at has closed. Letters that are there already are meant, too. An admin's \
                    policy is for all tenants.\
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
                                                                    LetterPolicyRequest.class))))
    @ApiResponse(responseCode = "201", description = "It holds.", useReturnTypeSchema = true)
    @Refusals.OfOnce
    @Refusals.OfBodies
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<LetterPolicy> add(
            @AuthenticationPrincipal Caller caller, HttpServletRequest request) throws IOException {
        byte[] body = Bodies.read(request);
        LetterPolicies.Order order = LetterPolicyRequest.read(body);
        String id =
                once.run(
                        caller,
                        body,
                        () ->
                                policies.add(DeadLetterController.scope(caller), order)
                                        .id()
                                        .toString());
        return ResponseEntity.created(URI.create("/api/v1/dead-letters/policies/" + id))
                .body(get(caller, id));
    }

    @Operation(summary = "Look a policy up", description = "With how many letters it replayed.")
    @ApiResponse(responseCode = "200", description = "The policy.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @GetMapping("/{id}")
    LetterPolicy get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        UUID policy = PathId.require("dead letter policy", id);
        return policies.find(DeadLetterController.scope(caller), policy)
                .orElseThrow(() -> BadRequestException.unknown("dead letter policy", id));
    }

    @Operation(summary = "Remove a policy", description = "A replay that it began goes on.")
    @ApiResponse(
            responseCode = "204",
            description = "It is gone.",
            content = @Content(schema = @Schema(hidden = true)))
    @Refusals.OfOne
    @DeleteMapping("/{id}")
    ResponseEntity<Void> remove(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        UUID policy = PathId.require("dead letter policy", id);
        if (!policies.remove(DeadLetterController.scope(caller), policy)) {
            throw BadRequestException.unknown("dead letter policy", id);
        }
        return ResponseEntity.noContent().build();
    }
}
