package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.event.Position;
import io.llmfleet.producer.task.TaskView;

/**
 * The {@code sequence_number} of a response's event: which attempt it tells of, and how much of
 * that attempt's output was told with it, in characters and events.
 *
 * <p>It depends on the output alone, not on the pieces that it came in, so every replica gives the
 * same number to the same place, even one that knows nothing but the result.
 *
 * @param attempt counted from 0, over all epochs
 * @param offset in the attempt's {@link ResponseScript}
 */
record ResponseNumber(long attempt, int offset) {

    /** The events that say that there is a response; they are the same in every attempt. */
    static final int PREAMBLE = 2;

    /** More than a result may have. */
    private static final int OFFSETS = 1 << 24;

    private static final int ATTEMPTS = 16;

    /** Reads what {@link #value} wrote. */
    static ResponseNumber of(long value) {
        return new ResponseNumber(value / OFFSETS, (int) (value % OFFSETS));
    }

    /** The last one of an attempt, for what ends it without having told all of it. */
    static ResponseNumber lastOf(long attempt) {
        return new ResponseNumber(attempt, OFFSETS - 1);
    }

    static long attempt(Position position) {
        return attempt(position.epoch(), position.attempt());
    }

    static long attempt(TaskView task) {
        return attempt(task.epoch(), task.attempts());
    }

    private static long attempt(int epoch, int attempt) {
        return Math.max(0, epoch - 1L) * ATTEMPTS + Math.clamp(attempt - 1L, 0, ATTEMPTS - 1);
    }

    /** Whether nothing of an attempt was told yet. */
    boolean isPreamble() {
        return attempt == 0 && offset < PREAMBLE;
    }

    long value() {
        return offset < PREAMBLE ? offset : attempt * OFFSETS + offset;
    }
}
