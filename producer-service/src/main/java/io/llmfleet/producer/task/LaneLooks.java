package io.llmfleet.producer.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The facade for the dispatch to see how much of each lane is where, often and fast. */
public interface LaneLooks {

    /**
     * Every lane that has tasks which wait or are in the broker.
     *
     * @param at by the store's clock
     */
    record Look(Instant at, List<LaneLook> lanes) {}

    /**
     * When a task in the broker is untaken: after some time with no worker. One that was routed to
     * a pool that has no worker is after the least time, whether it ran or not.
     *
     * @param after by target
     * @param least for targets that are not named
     * @param pools that have a worker; none if that is not known
     */
    record Untaken(Map<String, Duration> after, Duration least, Set<String> pools) {}

    /**
     * Looks at what waits and what is in the broker.
     *
     * @param before the time of the look before
     * @param limit up to which waiting tasks of a lane are counted
     */
    Look look(Instant before, Untaken untaken, int limit);

    /** Runs a step in a transaction, or does nothing while another replica runs one. */
    void whileAlone(Runnable step);
}
