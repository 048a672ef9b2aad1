package io.llmfleet.producer.event;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.event.StreamItem.Gap;
import io.llmfleet.producer.event.StreamItem.Moved;
import io.llmfleet.producer.event.StreamItem.Piece;
import io.llmfleet.producer.event.StreamItem.Restarted;
import io.llmfleet.wire.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what one follower is told of what a replica heard: each thing once, in order, no two
 * attempts joined, and a missing piece never passed over in silence.
 */
final class StreamCursor {

    private Position last;
    private boolean gap;

    /**
     * @param after where the follower was before; {@link Position#START} for all from the start
     */
    StreamCursor(Position after) {
        this.last = after;
    }

    List<StreamItem> next(Entry entry) {
        Position position = entry.position();
        if (position.compareTo(last) <= 0) {
            return List.of();
        }
        List<StreamItem> items = new ArrayList<>(2);
        if (!position.sameAttempt(last)) {
            if (last.mayHaveOutput()) {
                items.add(new Restarted(new Position(position.epoch(), position.attempt(), 0)));
            }
            last = new Position(position.epoch(), position.attempt(), 0);
            gap = false;
        }
        switch (entry) {
            case Entry.Heard heard -> items.add(moved(heard));
            case Entry.Said said -> say(said, items);
        }
        return items;
    }

    /** Whether every one of the attempt's pieces was told. */
    boolean hasAll(int epoch, int attempt, int deltas) {
        return deltas == 0 || !gap && last.compareTo(Position.ofDelta(epoch, attempt, deltas)) >= 0;
    }

    Position last() {
        return last;
    }

    private Moved moved(Entry.Heard heard) {
        Event event = heard.event();
        last = heard.position();
        boolean retrying = heard.state() == TaskState.RETRYING;
        return new Moved(
                last,
                heard.state(),
                event.at(),
                event.pool(),
                event.model(),
                event.code(),
                retrying ? event.why() : null);
    }

    private void say(Entry.Said said, List<StreamItem> items) {
        if (gap) {
            return;
        }
        if (last.step() < Position.RUNNING) {
            // Events and deltas come on different streams; a delta says that the attempt runs.
            last = new Position(last.epoch(), last.attempt(), Position.RUNNING);
            items.add(new Moved(last, TaskState.RUNNING, null, null, null, null, null));
        }
        if (said.position().deltas() != last.deltas() + 1) {
            gap = true;
            items.add(new Gap(last));
            return;
        }
        boolean anew = said.text() == null && said.choices() == null;
        last = said.position();
        items.add(anew ? new Restarted(last) : new Piece(last, said.text(), said.choices()));
    }
}
