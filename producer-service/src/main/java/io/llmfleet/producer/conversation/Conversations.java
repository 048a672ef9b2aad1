package io.llmfleet.producer.conversation;

import io.llmfleet.producer.task.Turns;
import io.llmfleet.producer.task.Turns.Key;
import java.util.List;
import java.util.Optional;

/** The facade for those who look at conversations and mend them. */
public final class Conversations {

    private final Turns turns;
    private final TurnOrder order;

    Conversations(Turns turns, TurnOrder order) {
        this.turns = turns;
        this.order = order;
    }

    /** Empty if no task of the tenant named it lately. */
    public Optional<Turns.State> find(String tenant, String conversation) {
        return turns.find(new Key(tenant, conversation));
    }

    /** Those that a task named lately, and so are not forgotten. */
    public List<Turns.Listed> list(Turns.Filter filter) {
        return turns.list(filter);
    }

    /**
     * Lets a halted conversation go on after the turn that failed.
     *
     * @return false if it is not halted
     */
    public boolean resume(String tenant, String conversation) {
        Key key = new Key(tenant, conversation);
        boolean resumed = turns.resume(key);
        if (resumed) {
            order.goOnAfterCommit(List.of(key));
        }
        return resumed;
    }
}
