package io.llmfleet.producer.conversation;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.chore.Chores;
import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.DispatchGate;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.producer.task.Turns;
import io.llmfleet.producer.task.Turns.Key;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.context.SmartLifecycle;

/**
 * Lets the next turn go when one has ended. What a replica that dies leaves undone, and what is
 * replayed, another one finds by looking.
 */
final class TurnOrder implements TaskOutcomes.Follower, SmartLifecycle {

    private static final int BATCH = 500;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration INTERRUPT = Duration.ofMillis(300);
    private static final int IDLE_DAYS = 30;

    private final Turns turns;
    private final DispatchGate gate;
    private final Supplier<Cancellation> cancellation;
    private final Chores chores = new Chores("turns", 2);
    private volatile boolean running;

    TurnOrder(Turns turns, DispatchGate gate, Supplier<Cancellation> cancellation) {
        this.turns = turns;
        this.gate = gate;
        this.cancellation = cancellation;
    }

    @Override
    public void follow(List<StoredOutcome> stored) {
        List<StoredOutcome> ended = stored.stream().filter(o -> o.conversation() != null).toList();
        if (ended.isEmpty()) {
            return;
        }
        turns.halt(ended.stream().filter(TurnOrder::halts).toList());
        Set<Key> keys = ended.stream().map(TurnOrder::key).collect(Collectors.toSet());
        goOnAfterCommit(keys);
    }

    private static boolean halts(StoredOutcome ended) {
        TaskState state = ended.outcome().state();
        return ended.halts() && (state == TaskState.FAILED || state == TaskState.EXPIRED);
    }

    private static Key key(StoredOutcome ended) {
        return new Key(ended.tenant(), String.valueOf(ended.conversation()));
    }

    /** Not on the thread that stores results, which has others to store. */
    void goOnAfterCommit(Collection<Key> keys) {
        AfterCommit.run(() -> chores.soon(() -> goOn(keys)));
    }

    /** Dispatches what is next in these conversations. */
    private void goOn(Collection<Key> keys) {
        turns.next(keys).forEach(gate::dispatch);
    }

    private void look() {
        List<Key> stalled = turns.stalled(BATCH);
        goOn(stalled);
    }

    private void interrupt() {
        turns.interrupted(BATCH).forEach(o -> cancellation.get().cancel(o.tenant(), o.id()));
    }

    @Override
    public void start() {
        running = true;
        chores.every(LOOK, this::look);
        chores.every(INTERRUPT, this::interrupt);
        chores.every(Duration.ofHours(1), () -> turns.forgetIdle(IDLE_DAYS));
    }

    @Override
    public void stop() {
        running = false;
        chores.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
