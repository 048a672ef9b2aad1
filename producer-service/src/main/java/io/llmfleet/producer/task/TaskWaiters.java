package io.llmfleet.producer.task;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Wakes those who wait for a task to become final; a missed signal costs them only the time to
 * their next look.
 */
public final class TaskWaiters {

    private final Map<UUID, Set<CompletableFuture<Optional<FinalOutcome>>>> waiting =
            new ConcurrentHashMap<>();

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
