package io.llmfleet.producer.metrics;

/** Counts something in the store, cheaply, and tells {@link StoreMeters}. */
@FunctionalInterface
public interface StoreSample {

    void take();
}
