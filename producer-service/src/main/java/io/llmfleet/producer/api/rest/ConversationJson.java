package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.producer.task.Turns;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A conversation as the API shows it. */
@Schema(name = "Conversation")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConversationJson(
        String conversation,
        @Schema(
                        description =
                                "idle: no turn is unfinished; running: one goes on, the others wait"
                                        + " for it; halted: a turn failed that halts.",
                        allowableValues = {"idle", "running", "halted"})
                String state,
        @Schema(description = "How many turns were accepted.") long turns,
        @Schema(description = "How many of them are not final.") long unfinished,
        @Schema(description = "The failed task: replay or discard it, or resume.")
                @Nullable UUID haltedBy,
        Instant updatedAt) {

    static ConversationJson of(String conversation, Turns.State state) {
        String word = state.unfinished() == 0 ? "idle" : "running";
        return new ConversationJson(
                conversation,
                state.haltedBy() == null ? word : "halted",
                state.turns(),
                state.unfinished(),
                state.haltedBy(),
                state.updatedAt());
    }
}
