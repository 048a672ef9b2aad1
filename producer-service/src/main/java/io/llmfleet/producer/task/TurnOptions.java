package io.llmfleet.producer.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.wire.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a task says about its place in its conversation.
 *
 * @param history what a chat task is told of the turns before it; null for nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TurnOptions(
        OnFailure onFailure, WhileRunning whileRunning, @Nullable History history) {

    /** The next turn goes on after a failure, turns wait for each other, and nothing is told. */
    public static final TurnOptions DEFAULT =
            new TurnOptions(OnFailure.SKIP, WhileRunning.ENQUEUE, null);

    /** What happens to later turns when this one fails or expires. */
    public enum OnFailure {
        /** They go on. */
        SKIP,
        /** They wait until somebody replays or discards it, or resumes the conversation. */
        HALT
    }

    /** What happens if another turn is unfinished when this one comes. */
    public enum WhileRunning {
        /** This one waits. */
        ENQUEUE,
        /** This one is refused. */
        REJECT,
        /** The others are cancelled. */
        INTERRUPT
    }

    /**
     * How much of what was said before is put in front of the chat's messages; one of both.
     *
     * @param turns the latest that succeeded, at most
     * @param tokens of those turns at most, estimated; whole turns only
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record History(@Nullable Integer turns, @Nullable Integer tokens) {}

    String json() {
        return Json.write(this);
    }

    static @Nullable TurnOptions ofJson(@Nullable String json) {
        return json == null ? null : Json.MAPPER.readValue(json, TurnOptions.class);
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
