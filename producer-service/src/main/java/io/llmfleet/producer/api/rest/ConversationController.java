package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.conversation.Conversations;
import io.llmfleet.producer.task.FieldError;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows conversations, and lets halted ones go on. */
@RestController
@RequestMapping(path = "/api/v1/conversations", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(
        name = "Conversations",
        description =
                "Tasks that share a key and run one after the other, in the order of their acceptance.")
class ConversationController {

    private final Conversations conversations;

    ConversationController(Conversations conversations) {
        this.conversations = conversations;
    }

    @Refusals.OfOne
    @GetMapping("/{conversation}")
    @Operation(summary = "How a conversation is; GET /api/v1/tasks?conversation= lists its turns")
    ConversationJson get(
            @AuthenticationPrincipal Caller caller, @PathVariable String conversation) {
        return conversations
                .find(caller.tenant(), conversation)
                .map(state -> ConversationJson.of(conversation, state))
                .orElseThrow(() -> BadRequestException.unknown("conversation", conversation));
    }

    @Refusals.OfDecisions
    @PostMapping("/{conversation}/resume")
    @Operation(summary = "Let a halted conversation go on after the turn that failed")
    ConversationJson resume(
            @AuthenticationPrincipal Caller caller, @PathVariable String conversation) {
        get(caller, conversation);
        if (!conversations.resume(caller.tenant(), conversation)) {
            List<FieldError> errors = List.of(new FieldError("conversation", "is not halted"));
            throw new BadRequestException(HttpStatus.CONFLICT, Problems.summary(errors), errors);
        }
        return get(caller, conversation);
    }
}
