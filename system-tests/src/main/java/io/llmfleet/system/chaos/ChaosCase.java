package io.llmfleet.system.chaos;

import io.llmfleet.system.chaos.check.Promise;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import java.time.Duration;

/** One fault, the load under it, and what must hold afterwards. */
public interface ChaosCase {

    /** Short and unique. */
    String name();

    /** What is done to the fleet. */
    String fault();

    default FleetPlan plan() {
        return FleetPlan.usual();
    }

    /** Whether it can be tried on that kind of broker, {@code local} or {@code docker}. */
    default boolean runsOn(String broker) {
        return !plan().cluster() || broker.equals("docker");
    }

    default Promise promise() {
        return Promise.USUAL;
    }

    /** How long the fleet may take to finish what is left. */
    default Duration drain() {
        return Duration.ofSeconds(120);
    }

    /** Loads the fleet and breaks it; what it leaves broken is repaired afterwards. */
    void run(ChaosRun run) throws Exception;
}
