package io.llmfleet.producer.task;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** The facade of the task store: accept, look up, wait. */
public interface Tasks {

    /**
     * Something else that keeps texts of a task, and gives them up in the transaction of {@link
     * #erase}.
     */
    @FunctionalInterface
    interface Keeper {
        void erase(UUID task);
    }

    /**
     * Stores a task and dispatches it.
     *
     * @return completes after the commit; from then on the task is not lost. Fails with {@link
     *     StoreUnavailableException} if the store cannot take it now, or {@link
     *     OverloadedException} if too much waits
     */
    CompletableFuture<TaskView> submit(NewTask task);

    /**
     * Submits a task and waits until it is final or the time is over; fails as {@link #submit} does
     * if it is not accepted, and never after that.
     *
     * @return the task as it is then, or as it was accepted if the store is away meanwhile
     */
    TaskView submitAndAwait(NewTask task, Duration timeout);

    /**
     * Like {@link #submit}, for a request that may come again.
     *
     * @param key of the tenant's own choice, kept for a day; at most one task is ever accepted with
     *     it. A further one fails with {@link DuplicateTaskException}
     */
    CompletableFuture<TaskView> submitOnce(NewTask task, OnceKey key);

    /**
     * Stores a task in the caller's transaction, and dispatches it after the commit.
     *
     * @throws OverloadedException if too much waits
     * @throws ConversationBusyException if its conversation takes no turn now
     */
    void submitWithin(NewTask task);

    /** What was accepted under this key. */
    Optional<KeyedTask> findOnce(String tenant, String key);

    /**
     * Removes input, output, metadata and failure texts of a task that is final; what is left says
     * that there was one.
     *
     * @return false if there is no such task of this tenant
     */
    boolean erase(String tenant, UUID id);

    /** The task, unless it is another tenant's or does not exist. */
    Optional<TaskView> find(String tenant, UUID id);

    /**
     * What was asked for, as the JSON bytes of a {@link io.llmfleet.wire.TaskBody}; empty if there
     * is no such task of this tenant, or its content is gone.
     */
    Optional<byte[]> input(String tenant, UUID id);

    /** Newest first; one more than {@link TaskFilter#limit()} is never returned. */
    List<TaskView> list(TaskFilter filter);

    /** Waits until the task is final or the time is over, and returns it as it is then. */
    Optional<TaskView> await(String tenant, UUID id, Duration timeout);
}
