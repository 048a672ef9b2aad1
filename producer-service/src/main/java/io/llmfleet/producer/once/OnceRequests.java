package io.llmfleet.producer.once;

import io.llmfleet.producer.task.OnceKey;
import java.util.function.Supplier;

/** The facade for requests that come with a key and are no tasks: each is done once. */
public interface OnceRequests {

    /**
     * What came of a request.
     *
     * @param resource the id of what was made or changed
     * @param replayed whether an earlier request did it
     * @param fits whether that request asked for the same
     */
    record Done(String resource, boolean replayed, boolean fits) {}

    /**
     * Does what is asked for, unless an earlier request with the key did it within a day; waits for
     * one that is at it now.
     *
     * @param action runs in the transaction that notes that it was done, and returns the id of what
     *     it made or changed; if it throws, nothing was done
     */
    Done run(String tenant, OnceKey key, Supplier<String> action);
}
