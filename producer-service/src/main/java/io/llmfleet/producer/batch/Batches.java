package io.llmfleet.producer.batch;

import java.util.Optional;
import java.util.UUID;

/** The facade of batches. */
public interface Batches {

    /**
     * A batch that tasks are submitted with.
     *
     * @param known whether an earlier request with the same key started it
     */
    record Opened(UUID id, boolean known) {}

    /**
     * Starts a batch.
     *
     * @param key of the request; within a day there is one batch for it
     */
    Opened open(String tenant, Optional<String> key);

    /**
     * Says that no more tasks come.
     *
     * @param refused how many lines were not accepted
     */
    void close(UUID id, int refused);

    /** The batch, unless it is another tenant's or does not exist. */
    Optional<BatchView> find(String tenant, UUID id);
}
