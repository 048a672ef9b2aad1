package io.llmfleet.producer.task;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Wakes those who wait for a task to become final; a missed signal costs them only the time to
 * their next look.
 */
public final class TaskWaiters {

    private final Map<UUID, Set<CompletableFuture<Void>>> waiting = new ConcurrentHashMap<>();

    /**
     * Completes when the task is final; subscribe before looking into the store, and unsubscribe in
     * the end.
     */
    public CompletableFuture<Void> subscribe(UUID id) {
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        waiting.compute(
                id,
                (ignored, others) -> {
                    Set<CompletableFuture<Void>> all = others == null ? new HashSet<>() : others;
                    all.add(waiter);
                    return all;
                });
        return waiter;
    }

    public void unsubscribe(UUID id, CompletableFuture<Void> waiter) {
        waiting.computeIfPresent(
                id,
                (ignored, all) -> {
                    all.remove(waiter);
                    return all.isEmpty() ? null : all;
                });
    }

    /** Tells the waiters of these tasks that there is a final state to read. */
    public void signal(Collection<UUID> ids) {
        if (waiting.isEmpty()) {
            return;
        }
        for (UUID id : ids) {
            Set<CompletableFuture<Void>> waiters = waiting.remove(id);
            if (waiters != null) {
                waiters.forEach(w -> w.complete(null));
            }
        }
    }
}
