package io.llmfleet.producer.event;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.TaskView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a follower of a task is told, in the order of positions. */
public sealed interface StreamItem {

    /** Where a follower that was told this goes on. */
    Position position();

    /**
     * The task moved on.
     *
     * @param code of the failure that led to a retry
     * @param level of the retry ladder that it waits on
     */
    record Moved(
            Position position,
            TaskState state,
            @Nullable Instant at,
            @Nullable String pool,
            @Nullable String model,
            @Nullable String code,
            @Nullable String level)
            implements StreamItem {}

    /**
     * The output goes on.
     *
     * @param text null where it is something else
     * @param choices in place of a text, JSON of an OpenAI chunk's {@code choices}
     */
    record Piece(Position position, @Nullable String text, @Nullable String choices)
            implements StreamItem {

        /** Number of the piece in its attempt, counted from 1. */
        public int seq() {
            return position.deltas();
        }
    }

    /** The output starts anew: every piece before is void. */
    record Restarted(Position position) implements StreamItem {}

    /**
     * Pieces are missing from here on; no more of this attempt come, the final state has the whole.
     */
    record Gap(Position position) implements StreamItem {}

    /** The task is final; nothing comes after. */
    record Ended(Position position, TaskView task) implements StreamItem {}
}
