package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import java.util.List;

/** All cases, those with the same fleet together. */
public final class Cases {

    private Cases() {}

    public static List<ChaosCase> all() {
        return List.of(new BrokerKilled(10_000));
    }
}
