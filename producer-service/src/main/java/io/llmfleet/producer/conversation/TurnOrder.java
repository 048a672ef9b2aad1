package io.llmfleet.producer.conversation;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.DispatchGate;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.producer.task.Turns;
import io.llmfleet.producer.task.Turns.Key;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Lets the next turn go when one has ended. What a replica that dies leaves undone, and what is
 * replayed, another one finds by looking.
 */
final class TurnOrder implements TaskOutcomes.Follower, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TurnOrder.class);
    private static final int BATCH = 500;
    private static final long LOOK_MILLIS = 1_000;
    private static final long INTERRUPT_MILLIS = 300;
    private static final int IDLE_DAYS = 30;

    private final Turns turns;
    private final DispatchGate gate;
    private final Supplier<Cancellation> cancellation;
    private final ScheduledExecutorService schedule =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().name("turns-", 0).daemon().factory());
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
        Set<Key> goOn = ended.stream().map(TurnOrder::key).collect(Collectors.toSet());
        AfterCommit.run(() -> later(goOn));
    }

    private static boolean halts(StoredOutcome ended) {
        TaskState state = ended.outcome().state();
        return ended.halts() && (state == TaskState.FAILED || state == TaskState.EXPIRED);
    }

    private static Key key(StoredOutcome ended) {
        return new Key(ended.tenant(), String.valueOf(ended.conversation()));
    }

    /** Not on the thread that stores results, which has others to store. */
    private void later(Collection<Key> keys) {
        try {
            schedule.execute(guarded(() -> goOn(keys)));
        } catch (RejectedExecutionException e) {
            log.debug("the next turns are left to another replica");
        }
    }

    /** Dispatches what is next in these conversations. */
    void goOn(Collection<Key> keys) {
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
        every(LOOK_MILLIS, this::look);
        every(INTERRUPT_MILLIS, this::interrupt);
        every(TimeUnit.HOURS.toMillis(1), () -> turns.forgetIdle(IDLE_DAYS));
    }

    @Override
    public void stop() {
        running = false;
        schedule.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void every(long millis, Runnable step) {
        var _ =
                schedule.scheduleWithFixedDelay(
                        guarded(step), millis, millis, TimeUnit.MILLISECONDS);
    }

    private static Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                log.warn("a step for conversations failed, trying again: {}", e.toString());
            }
        };
    }
}
