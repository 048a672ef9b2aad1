package io.llmfleet.worker.execution;

import io.llmfleet.wire.Delta;

/** Where deltas go; nothing depends on their arrival, so it never blocks and may drop them. */
@FunctionalInterface
public interface DeltaOutbox {

    void publish(String type, Delta delta);

    /** Somebody waits for what was published just now, so it should not wait for more. */
    default void hurry() {}
}
