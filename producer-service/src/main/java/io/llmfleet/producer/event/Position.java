package io.llmfleet.producer.event;

import io.llmfleet.producer.task.TaskView;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in what happens to a task, the same on every replica: what comes later has a greater
 * position.
 *
 * @param attempt counted from 1; 0 only in {@link #START}
 * @param step within the attempt: routed, running, then one for each delta, then how it ended
 */
public record Position(int epoch, int attempt, int step) implements Comparable<Position> {

    /** Before everything. */
    public static final Position START = new Position(0, 0, 0);

    static final int ROUTED = 1;
    static final int RUNNING = 2;
    static final int RETRYING = Integer.MAX_VALUE - 1;
    static final int FINAL = Integer.MAX_VALUE;

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,10})");
    private static final Comparator<Position> ORDER =
            Comparator.comparingInt(Position::epoch)
                    .thenComparingInt(Position::attempt)
                    .thenComparingInt(Position::step);

    static Position ofDelta(int epoch, int attempt, int seq) {
        return new Position(epoch, attempt, RUNNING + seq);
    }

    /** Where a task that is final ended. */
    public static Position ofFinal(TaskView task) {
        return new Position(task.epoch(), task.attempts(), FINAL);
    }

    /** Reads what {@link #toString} wrote; empty if it is no position. */
    public static Optional<Position> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long step = Long.parseLong(parts.group(3));
        return step > FINAL
                ? Optional.empty()
                : Optional.of(
                        new Position(
                                Integer.parseInt(parts.group(1)),
                                Integer.parseInt(parts.group(2)),
                                (int) step));
    }

    /** How many deltas of the attempt lie before this or are here. */
    int deltas() {
        return step < RETRYING ? Math.max(0, step - RUNNING) : 0;
    }

    /** Whether something of the output may have been said up to here. */
    boolean mayHaveOutput() {
        return step > RUNNING;
    }

    boolean sameAttempt(Position other) {
        return epoch == other.epoch && attempt == other.attempt;
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return epoch + "." + attempt + "." + step;
    }
}
