package io.llmfleet.producer.task;

import java.util.List;

/**
 * The facade for those who bring results: one transaction for everything that follows a final
 * state.
 */
public interface TaskOutcomes {

    /**
     * Something else that has to happen in the transaction of a final state: a dead letter, a
     * message to a client, a webhook.
     */
    @FunctionalInterface
    interface Follower {
        /**
         * @param stored the outcomes that took effect
         */
        void follow(List<StoredOutcome> stored);
    }

    /**
     * Stores finals; of each task the first one wins, and those from before its fence have no
     * effect.
     *
     * @return what took effect; the rest were duplicates or late
     */
    List<FinalOutcome> store(List<FinalOutcome> outcomes);

    /** Makes tasks EXPIRED whose deadline has passed, at most {@code limit}, and returns them. */
    List<FinalOutcome> expire(int limit);

    /** Wakes waiters in this process, with what was stored. */
    void tell(List<FinalOutcome> stored);
}
