package io.llmfleet.producer.batch;

import java.util.Optional;
import java.util.UUID;

/** The facade of batches. */
public interface Batches {

    /** Starts a batch; tasks are submitted with its id. */
    UUID open(String tenant);

    /**
     * Says that no more tasks come.
     *
     * @param refused how many lines were not accepted
     */
    void close(UUID id, int refused);

    /** The batch, unless it is another tenant's or does not exist. */
    Optional<BatchView> find(String tenant, UUID id);
}
