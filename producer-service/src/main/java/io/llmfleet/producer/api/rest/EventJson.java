package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.event.StreamItem;
import io.llmfleet.producer.task.TaskView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The data of the events of a task's stream. */
final class EventJson {

    static final String STATE = "state";
    static final String DELTA = "delta";
    static final String RESTARTED = "restarted";
    static final String GAP = "gap";
    static final String FINAL = "final";
    static final String QUEUE = "queue";

    private static final String GAP_MESSAGE =
            "pieces are missing from here on; the final event has the whole output";

    private EventJson() {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record State(
            TaskState state,
            int attempt,
            @Nullable Instant at,
            @Nullable String pool,
            @Nullable String model,
            @Nullable String code,
            @Nullable String retryLevel) {

        static State of(StreamItem.Moved moved) {
            return new State(
                    moved.state(),
                    moved.position().attempt(),
                    moved.at(),
                    moved.pool(),
                    moved.model(),
                    moved.code(),
                    moved.level());
        }

        static State of(TaskView task) {
            return new State(
                    task.state(), task.attempts(), null, task.pool(), task.model(), null, null);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(
            int attempt, int seq, @Nullable String text, @JsonRawValue @Nullable String choices) {

        static Delta of(StreamItem.Piece piece) {
            return new Delta(
                    piece.position().attempt(), piece.seq(), piece.text(), piece.choices());
        }
    }

    record Restarted(int attempt) {}

    record Gap(int attempt, String message) {

        static Gap of(StreamItem.Gap gap) {
            return new Gap(gap.position().attempt(), GAP_MESSAGE);
        }
    }
}
