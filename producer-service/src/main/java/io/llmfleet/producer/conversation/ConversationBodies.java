package io.llmfleet.producer.conversation;

import io.llmfleet.producer.dispatch.MessageBodies;
import io.llmfleet.producer.task.OpenTask;
import io.llmfleet.producer.task.TurnOptions;
import io.llmfleet.producer.task.Turns;

/**
 * Adds to a chat task what it wants to know of the turns before it. They are final when it is
 * dispatched, so each dispatch says the same unless one of them was replayed.
 */
final class ConversationBodies implements MessageBodies {

    private static final int MOST_TURNS = 200;

    private final Turns turns;

    ConversationBodies(Turns turns) {
        this.turns = turns;
    }

    @Override
    public byte[] of(OpenTask task, byte[] body) {
        TurnOptions turn = task.turn();
        if (turn == null || turn.history() == null) {
            return body;
        }
        Integer wanted = turn.history().turns();
        var before = turns.before(task, wanted == null ? MOST_TURNS : wanted);
        return ChatHistory.complete(body, before, turn.history());
    }
}
