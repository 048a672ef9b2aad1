package io.llmfleet.model;

import java.util.Arrays;
import java.util.List;

/**
 * Where a task stands.
 *
 * <p>A final state changes only by replay, which raises the epoch and starts again from {@link
 * #ACCEPTED}; {@link #ROUTED}, {@link #RUNNING} and {@link #RETRYING} are advisory, projected from
 * events.
 */
public enum TaskState {
    ACCEPTED(0),
    QUEUED(1),
    ROUTED(2),
    RUNNING(3),
    RETRYING(4),
    SUCCEEDED(10),
    FAILED(11),
    CANCELLED(12),
    EXPIRED(13);

    /** The lowest stored number of a final state. */
    public static final int FIRST_FINAL = 10;

    private static final List<TaskState> BY_NUMBER = Arrays.asList(values());

    private final int number;

    TaskState(int number) {
        this.number = number;
    }

    /**
     * The number under which the store keeps this state; final states are {@link #FIRST_FINAL} and
     * above.
     */
    public int number() {
        return number;
    }

    public static TaskState ofNumber(int number) {
        return BY_NUMBER.stream()
                .filter(s -> s.number == number)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no task state has the number " + number));
    }

    public boolean isFinal() {
        return number >= FIRST_FINAL;
    }

    /** Whether a task may go from this state to {@code next} without a replay. */
    public boolean canBecome(TaskState next) {
        return !isFinal() && next != ACCEPTED && (next.isFinal() || next != this);
    }
}
