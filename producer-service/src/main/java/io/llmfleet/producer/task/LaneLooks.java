package io.llmfleet.producer.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The facade for the dispatch to see how much of each lane is where, often and fast. */
public interface LaneLooks {

    /**
     * Every lane that has tasks which wait or are in the broker.
     *
     * @param at by the store's clock
     */
    record Look(Instant at, List<LaneLook> lanes) {}

    /**
     * Looks at what waits and what is in the broker.
     *
     * @param before the time of the look before
     * @param patience by target: after what time in the broker a task that no worker has is untaken
     * @param otherwise the same for targets that are not named
     * @param limit up to which waiting tasks of a lane are counted
     */
    Look look(Instant before, Map<String, Duration> patience, Duration otherwise, int limit);

    /** Runs a step in a transaction, or does nothing while another replica runs one. */
    void whileAlone(Runnable step);
}
