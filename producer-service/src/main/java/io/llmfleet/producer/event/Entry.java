package io.llmfleet.producer.event;

import io.llmfleet.model.TaskState;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Event;
import org.jspecify.annotations.Nullable;

/** What this replica heard of a task. */
sealed interface Entry {

    Position position();

    /** About how much memory it takes, in bytes. */
    int size();

    /** A state from the event stream. */
    record Heard(Position position, TaskState state, Event event) implements Entry {

        @Override
        public int size() {
            return 400;
        }
    }

    /**
     * A piece from the delta stream; with neither text nor choices the output starts anew.
     *
     * @param choices JSON
     */
    record Said(Position position, @Nullable String text, @Nullable String choices)
            implements Entry {

        @Override
        public int size() {
            return 100
                    + 2 * (text == null ? 0 : text.length())
                    + 2 * (choices == null ? 0 : choices.length());
        }
    }

    static Entry of(Event event, TaskState state) {
        int step =
                switch (state) {
                    case ROUTED -> Position.ROUTED;
                    case RUNNING -> Position.RUNNING;
                    default -> Position.RETRYING;
                };
        return new Heard(new Position(event.epoch(), event.attempt(), step), state, event);
    }

    static Entry of(Delta delta) {
        return new Said(
                Position.ofDelta(delta.epoch(), delta.attempt(), delta.seq()),
                delta.text(),
                delta.choices() == null ? null : delta.choices().toString());
    }
}
