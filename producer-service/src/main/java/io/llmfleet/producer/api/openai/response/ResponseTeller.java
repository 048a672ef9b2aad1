package io.llmfleet.producer.api.openai.response;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides which events a reader is sent, from whom nothing can be taken back: each place of the
 * output once, in order, and never one that does not follow from what the reader has.
 *
 * <p>I1: while {@code after} is set it is not known what the reader has. Else that is {@code
 * before} or, where that is null, the first {@code told} characters of {@code marks}. I2: {@code
 * marks} are those of all steps of this attempt, {@code waiting} are its steps that were not looked
 * at yet.
 */
final class ResponseTeller {

    /** The reader has something that this output does not go on from. */
    static final class BrokenOffException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private record Waiting(ResponseStep step, int begin) {
        private int end() {
            return begin + step.mark().length();
        }
    }

    private final StringBuilder marks = new StringBuilder();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long attempt;
    private int told;
    private @Nullable String before;
    private @Nullable ResponseNumber after;
    private boolean lost;
    private ResponseNumber last;

    /**
     * @param after the last event that the reader has; null if it has none
     */
    ResponseTeller(@Nullable ResponseNumber after) {
        this.after = after;
        this.last = after == null ? new ResponseNumber(0, -1) : after;
    }

    /** This attempt goes on. */
    void add(ResponseStep step) {
        waiting.add(new Waiting(step, marks.length()));
        marks.append(step.mark());
    }

    /** The output begins anew: steps that come from now on are another attempt's, or the whole. */
    void startAnew(long nextAttempt) {
        findReader();
        if (before == null && after == null) {
            before = marks.substring(0, told);
        }
        marks.setLength(0);
        waiting.clear();
        told = 0;
        lost |= after != null && nextAttempt > after.attempt();
        attempt = nextAttempt;
    }

    /**
     * What the reader is sent next.
     *
     * @throws BrokenOffException if this output does not begin with what the reader has
     */
    List<ObjectNode> next() throws BrokenOffException {
        findReader();
        if (lost) {
            throw new BrokenOffException();
        }
        if (after != null || !caughtUp()) {
            return List.of();
        }
        List<ObjectNode> events = new ArrayList<>();
        for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
            if (one.end() > told) {
                boolean partly = one.step().isDelta() && told > one.begin();
                ResponseStep step = partly ? one.step().from(told - one.begin()) : one.step();
                told = one.end();
                events.add(numbered(step.event(), new ResponseNumber(attempt, told - 1)));
            }
        }
        return events;
    }

    /** Something after which nothing comes, unless the reader has it. */
    List<ObjectNode> end(ObjectNode event, long lastAttempt) {
        ResponseNumber number = ResponseNumber.lastOf(Math.max(attempt, lastAttempt));
        return number.value() > last.value() ? List.of(numbered(event, number)) : List.of();
    }

    /** Something that no output says, right after what the reader has. */
    ObjectNode aside(ObjectNode event) {
        return numbered(event, new ResponseNumber(last.attempt(), last.offset() + 1));
    }

    /** Finds out what a reader has that comes back. */
    private void findReader() {
        ResponseNumber number = after;
        if (number != null
                && (number.isPreamble() || number.attempt() == attempt)
                && marks.length() > number.offset()) {
            told = number.offset() + 1;
            after = null;
        }
    }

    /** Whether this attempt has said all that the reader has. */
    private boolean caughtUp() throws BrokenOffException {
        String had = before;
        if (had == null) {
            return true;
        }
        int common = Math.min(had.length(), marks.length());
        if (!had.substring(0, common).contentEquals(marks.subSequence(0, common))) {
            throw new BrokenOffException();
        }
        if (common < had.length()) {
            return false;
        }
        before = null;
        told = common;
        return true;
    }

    private ObjectNode numbered(ObjectNode event, ResponseNumber number) {
        last = number;
        return event.put("sequence_number", number.value());
    }
}
