package io.llmfleet.producer.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;

/**
 * Wakes those who wait for a task to become final; a missed signal costs them only the time to
 * their next look. While the replica stops, waits end in time for an answer.
 */
public final class TaskWaiters implements SmartLifecycle {

    private final Duration lastWaits;
    private volatile Instant stopsAt = Instant.MAX;

    private final Map<UUID, Set<CompletableFuture<Optional<FinalOutcome>>>> waiting =
            new ConcurrentHashMap<>();

    public TaskWaiters() {
        this(Duration.ZERO);
    }

    /**
     * @param lastWaits how long those who wait when the replica is asked to stop may go on
     */
    TaskWaiters(Duration lastWaits) {
        this.lastWaits = lastWaits;
    }

    @Override
    public void start() {
        stopsAt = Instant.MAX;
    }

    @Override
    public void stop() {
        stopsAt = Instant.now().plus(lastWaits);
    }

    @Override
    public boolean isRunning() {
        return !isStopping();
    }

    /** Whether the replica was asked to stop: who did not get what it waits for goes elsewhere. */
    public boolean isStopping() {
        return stopsAt.isBefore(Instant.MAX);
    }

    /** Whether nobody waits any longer: who still does has to be answered without a result. */
    public boolean isOver() {
        return !Instant.now().isBefore(stopsAt);
    }

    /** When a wait ends that is to end then, unless the task does before. */
    public Instant endOf(Instant wanted) {
        return wanted.isBefore(stopsAt) ? wanted : stopsAt;
    }

    /**
     * Completes when the task is final, with how it ended if this replica stored it; subscribe
     * before looking into the store, and unsubscribe in the end.
     */
    public CompletableFuture<Optional<FinalOutcome>> subscribe(UUID id) {
        CompletableFuture<Optional<FinalOutcome>> waiter = new CompletableFuture<>();
        waiting.compute(
                id,
                (ignored, others) -> {
                    Set<CompletableFuture<Optional<FinalOutcome>>> all =
                            others == null ? new HashSet<>() : others;
                    all.add(waiter);
                    return all;
                });
        return waiter;
    }

    public void unsubscribe(UUID id, CompletableFuture<Optional<FinalOutcome>> waiter) {
        waiting.computeIfPresent(
                id,
                (ignored, all) -> {
                    all.remove(waiter);
                    return all.isEmpty() ? null : all;
                });
    }

    /** Tells the waiters of these tasks that there is a final state to read. */
    public void signal(Collection<UUID> ids) {
        if (!waiting.isEmpty()) {
            ids.forEach(id -> wake(id, Optional.empty()));
        }
    }

    /** Tells the waiters of these tasks how they ended, after it was stored. */
    void tell(Collection<FinalOutcome> stored) {
        if (!waiting.isEmpty()) {
            stored.forEach(outcome -> wake(outcome.id(), Optional.of(outcome)));
        }
    }

    private void wake(UUID id, Optional<FinalOutcome> outcome) {
        Set<CompletableFuture<Optional<FinalOutcome>>> waiters = waiting.remove(id);
        if (waiters != null) {
            waiters.forEach(w -> w.complete(outcome));
        }
    }
}
