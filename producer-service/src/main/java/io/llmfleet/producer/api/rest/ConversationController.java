package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.conversation.Conversations;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.Turns;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows conversations, and lets halted ones go on. */
@RestController
@RequestMapping(path = "/api/v1/conversations", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(
        name = "Conversations",
        description =
                "Tasks that share a key and run one after the other, in the order of their acceptance.")
class ConversationController {

    private static final List<String> OF_LISTS =
            List.of("conversation", "halted", "after", "limit");
    private static final String ANY_KEY =
            "A key with `/`, `\\`, `;` or `%` does not fit into a path: ";

    private final Conversations conversations;

    ConversationController(Conversations conversations) {
        this.conversations = conversations;
    }

    @Operation(
            summary = "List conversations",
            description =
                    "Those with the latest turn first; without those of more than 30 days ago.")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "conversation",
            description = "Only the one with this key, whatever characters it has.",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "halted",
            description = "Only those that are halted, or only those that are not.",
            schema = @Schema(type = "boolean"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "after",
            description = "The value of next of the page before.",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "limit",
            description = "1 to 500",
            schema = @Schema(type = "integer", defaultValue = "50"))
    @ApiResponse(responseCode = "200", description = "One page.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping
    ConversationPage list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        QueryParameters query = new QueryParameters(request.getParameterMap(), OF_LISTS);
        Turns.Filter filter =
                new Turns.Filter(
                        caller.tenant(),
                        query.text("conversation"),
                        query.truth("halted"),
                        ConversationPage.after(query),
                        query.limit());
        query.requireValid();
        return ConversationPage.of(conversations.list(filter), filter.limit());
    }

    @Refusals.OfOne
    @GetMapping("/{conversation}")
    @Operation(
            summary = "How a conversation is; GET /api/v1/tasks?conversation= lists its turns",
            description = ANY_KEY + "`GET /api/v1/conversations?conversation=`.")
    ConversationJson get(
            @AuthenticationPrincipal Caller caller, @PathVariable String conversation) {
        return conversations
                .find(caller.tenant(), conversation)
                .map(state -> ConversationJson.of(conversation, state))
                .orElseThrow(() -> BadRequestException.unknown("conversation", conversation));
    }

    @Refusals.OfDecisions
    @PostMapping("/{conversation}/resume")
    @Operation(
            summary = "Let a halted conversation go on after the turn that failed",
            description = ANY_KEY + "`POST /api/v1/conversations/resume?conversation=`.")
    ConversationJson resume(
            @AuthenticationPrincipal Caller caller, @PathVariable String conversation) {
        get(caller, conversation);
        if (!conversations.resume(caller.tenant(), conversation)) {
            List<FieldError> errors = List.of(new FieldError("conversation", "is not halted"));
            throw new BadRequestException(HttpStatus.CONFLICT, Problems.summary(errors), errors);
        }
        return get(caller, conversation);
    }

    @Refusals.OfDecisions
    @PostMapping("/resume")
    @Operation(summary = "The same for a key that no path can hold")
    ConversationJson resumeAny(
            @AuthenticationPrincipal Caller caller,
            @Parameter(description = "The key, whatever characters it has.") @RequestParam
                    String conversation) {
        return resume(caller, conversation);
    }
}
