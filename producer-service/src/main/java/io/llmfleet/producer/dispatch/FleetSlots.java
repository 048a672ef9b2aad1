package io.llmfleet.producer.dispatch;

/** Knows how many calls all workers can run at once. */
@FunctionalInterface
public interface FleetSlots {

    /** Of the workers that are known at the moment; 0 before one has said that it is there. */
    int total();
}
