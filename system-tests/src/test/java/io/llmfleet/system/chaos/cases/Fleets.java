package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.local.Brokers;
import io.llmfleet.cli.local.LocalBroker;
import io.llmfleet.system.chaos.CaseReport;
import io.llmfleet.system.chaos.Chaos;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts fleets of the jars that the build has made. */
final class Fleets {

    private static final Path ROOT = Path.of("..");
    private static final long SEED = 1;

    private Fleets() {}

    /** The kind that was asked for, or every kind that there is here; at least one. */
    static List<String> brokers() {
        String wanted = System.getenv("FLEET_TEST_BROKER");
        if (wanted != null && !wanted.isBlank()) {
            return List.of(wanted);
        }
        List<String> brokers = new ArrayList<>();
        if (LocalBroker.available()) {
            brokers.add("local");
        }
        if (Brokers.dockerAvailable()) {
            brokers.add("docker");
        }
        return brokers;
    }

    static ChaosReport run(String broker, List<ChaosCase> cases) {
        try (Chaos chaos = new Chaos(ROOT, broker, SEED, System.out::println)) {
            return chaos.run(cases);
        }
    }

    static CaseReport run(ChaosCase one) {
        return run(brokers().getFirst(), List.of(one)).cases().getFirst();
    }
}
