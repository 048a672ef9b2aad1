package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import java.time.Duration;
import java.util.List;

/** All cases, those with the same fleet together. */
public final class Cases {

    private Cases() {}

    /** All kinds of faults at random, for so long. */
    public static ChaosCase storm(Duration duration) {
        return new Storm(duration);
    }

    public static List<ChaosCase> all() {
        return List.of(new BrokerKilled(10_000));
    }
}
