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
    private final OnceCalls once;

    ConversationController(Conversations conversations, OnceCalls once) {
        this.conversations = conversations;
        this.once = once;
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

    @Operation(
            summary = "Look a conversation up",
            description =
                    "`GET /api/v1/tasks?conversation=` lists its turns. "
                            + ANY_KEY
                            + "`GET /api/v1/conversations?conversation=`.")
    @ApiResponse(responseCode = "200", description = "As it is now.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @GetMapping("/{conversation}")
    ConversationJson get(
            @AuthenticationPrincipal Caller caller, @PathVariable String conversation) {
        return conversations
                .find(caller.tenant(), conversation)
                .map(state -> ConversationJson.of(conversation, state))
                .orElseThrow(() -> BadRequestException.unknown("conversation", conversation));
    }

    @Operation(
            summary = "Resume a halted conversation",
            description =
                    "It goes on after the turn that failed. "
                            + ANY_KEY
                            + "`POST /api/v1/conversations/resume?conversation=`.")
    @ApiResponse(responseCode = "200", description = "As it is now.", useReturnTypeSchema = true)
    @Refusals.OfDecisions
    @Refusals.OfOnce
    @PostMapping("/{conversation}/resume")
    ConversationJson resume(
            @AuthenticationPrincipal Caller caller, @PathVariable String conversation) {
        once.run(
                caller,
                () -> {
                    get(caller, conversation);
                    require(conversations.resume(caller.tenant(), conversation));
                    return conversation;
                });
        return get(caller, conversation);
    }

    private static void require(boolean resumed) {
        if (!resumed) {
            List<FieldError> errors = List.of(new FieldError("conversation", "is not halted"));
            throw new BadRequestException(HttpStatus.CONFLICT, Problems.summary(errors), errors);
        }
    }

    @Operation(
            summary = "Resume a halted conversation, whatever its key",
            description = "As the other, for a key that no path can hold.")
    @ApiResponse(responseCode = "200", description = "As it is now.", useReturnTypeSchema = true)
    @Refusals.OfOnce
    @Refusals.OfDecisions
    @PostMapping("/resume")
    ConversationJson resumeAny(
            @AuthenticationPrincipal Caller caller,
            @Parameter(description = "The key, whatever characters it has.") @RequestParam
                    String conversation) {
        return resume(caller, conversation);
    }
}
