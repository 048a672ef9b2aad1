package io.llmfleet.producer.task;

/** What the store asks of the dispatch when a task is accepted. */
public interface DispatchGate {

    /**
     * Whether the task may go to the broker right after its commit; if not, it waits in the store.
     */
    boolean tryClaim(OpenTask task);

    /** Sends a claimed task, after its commit; returns without waiting for the broker. */
    void dispatch(OpenTask task);

    /**
     * Checks that one more task may be accepted.
     *
     * @throws OverloadedException if too much waits already
     * @throws StoreUnavailableException if too much waits because the broker takes no messages
     */
    void admit(String tenant);
}
