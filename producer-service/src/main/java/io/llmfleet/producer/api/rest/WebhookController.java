package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.webhook.Delivery;
import io.llmfleet.producer.webhook.WebhookSecret;
import io.llmfleet.producer.webhook.Webhooks;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Webhooks of the caller's tenant: what signs them, and what became of each. */
@Tag(
        name = "Webhooks",
        description =
                """
                A task with a `webhook` tells that URL when it is final: a POST signed as Standard Webhooks says, tried \
                again until it is answered with 2xx. It has ids and states only; the result is fetched from the API.\
                """)
@RestController
@RequestMapping(path = "/api/v1/webhooks", produces = MediaType.APPLICATION_JSON_VALUE)
class WebhookController {

    private final Webhooks webhooks;
    private final OnceCalls once;

    WebhookController(Webhooks webhooks, OnceCalls once) {
        this.webhooks = webhooks;
        this.once = once;
    }

    @Operation(
            summary = "Show the secret",
            description = "What this tenant's webhooks are signed with.")
    @ApiResponse(responseCode = "200", description = "The secret.", useReturnTypeSchema = true)
    @Refusals.OfAll
    @GetMapping("/secret")
    WebhookSecret secret(@AuthenticationPrincipal Caller caller) {
        return webhooks.secret(caller.tenant());
    }

    @Operation(
            summary = "Rotate the secret",
            description = "Makes another one; the one before signs, too, for a day.")
    @ApiResponse(responseCode = "200", description = "The new secret.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @Refusals.OfOnce
    @PostMapping("/secret")
    WebhookSecret rotate(@AuthenticationPrincipal Caller caller) {
        String tenant =
                once.run(
                        caller,
                        () -> {
                            webhooks.rotate(caller.tenant());
                            return caller.tenant();
                        });
        return webhooks.secret(tenant);
    }

    @Operation(summary = "List deliveries", description = "Newest first.")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "state",
            schema = @Schema(implementation = Delivery.State.class))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "task",
            schema = @Schema(type = "string", format = "uuid"))
    @PageParameters
    @ApiResponse(responseCode = "200", description = "One page.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping("/deliveries")
    DeliveryPage list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        QueryParameters query =
                new QueryParameters(
                        request.getParameterMap(), List.of("state", "task", "after", "limit"));
        Delivery.State state = query.oneOf("state", Delivery.State.class);
        UUID task = query.id("task", "the id of a task");
        UUID after = query.after();
        int limit = query.limit();
        query.requireValid();
        return DeliveryPage.of(webhooks.list(caller.tenant(), state, task, after, limit), limit);
    }

    @Operation(summary = "Look a delivery up", description = "With its last tries.")
    @ApiResponse(responseCode = "200", description = "The delivery.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @GetMapping("/deliveries/{id}")
    Delivery get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return webhooks.find(caller.tenant(), PathId.require("delivery", id))
                .orElseThrow(() -> BadRequestException.unknown("delivery", id));
    }

    @Operation(
            summary = "Send a delivery again",
            description = "At once, whatever became of it, under the same webhook-id.")
    @ApiResponse(
            responseCode = "200",
            description = "The delivery as it is now.",
            useReturnTypeSchema = true)
    @Refusals.OfOne
    @Refusals.OfOnce
    @PostMapping("/deliveries/{id}/resend")
    Delivery resend(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        UUID delivery = PathId.require("delivery", id);
        once.run(
                caller,
                () -> {
                    return webhooks.resend(caller.tenant(), delivery)
                            .orElseThrow(() -> BadRequestException.unknown("delivery", id))
                            .id()
                            .toString();
                });
        return get(caller, id);
    }
}
