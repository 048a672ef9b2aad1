package io.llmfleet.system.chaos.fleet;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts what is done to a fleet. */
final class DisturbanceCount {

    private final AtomicInteger brokerKills = new AtomicInteger();
    private final AtomicInteger serviceKills = new AtomicInteger();
    private final AtomicInteger callsInFlight = new AtomicInteger();

    /**
     * @param calls how many may be running at all workers
     */
    void brokerKilled(int calls) {
        brokerKills.incrementAndGet();
        callsInFlight.addAndGet(calls);
    }

    /**
     * @param calls how many the service itself may be making
     */
    void serviceKilled(int calls) {
        serviceKills.incrementAndGet();
        callsInFlight.addAndGet(calls);
    }

    /**
     * @param cuts connections that were cut
     */
    Disturbance total(int cuts) {
        return new Disturbance(brokerKills.get(), serviceKills.get(), cuts, callsInFlight.get());
    }
}
