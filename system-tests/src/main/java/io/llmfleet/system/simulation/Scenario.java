package io.llmfleet.system.simulation;

import io.llmfleet.choice.Candidate;
import io.llmfleet.system.simulation.SimulatedBackend.Drift;
import io.llmfleet.system.simulation.SimulatedBackend.Factors;
import java.util.List;
import java.util.Map;

/**
 * Three backends of which one or two drift.
 *
 * @param backends a large, a middle and a small one
 */
public record Scenario(String name, List<SimulatedBackend> backends) {

    static final List<String> TYPES = List.of("chat", "summarize");
    private static final int SLOTS = 16;

    private static final SimulatedBackend LARGE = backend("large", 0.99, 0.99, 2_500, 0.010, 2);
    private static final SimulatedBackend MIDDLE = backend("middle", 0.98, 0.97, 1_500, 0.004, 4);
    private static final SimulatedBackend SMALL = backend("small", 0.97, 0.70, 1_000, 0.001, 4);

    /** All that are compared. */
    public static List<Scenario> all() {
        return List.of(
                of("steady", steady(), steady()),
                of("outage", steady(), between(0.3, 0.6, new Factors(0.3, 1, 1))),
                of("slowdown", steady(), between(0.3, 0.6, new Factors(1, 8, 1))),
                of(
                        "prices",
                        t -> new Factors(1, 1, 1 - 0.9 * t),
                        t -> new Factors(1, 1, 1 + 9 * t)),
                of(
                        "both",
                        between(0.5, 0.8, new Factors(0.5, 3, 1)),
                        between(0.2, 0.4, new Factors(0.4, 1, 1))),
                of("flapping", steady(), flapping()));
    }

    private static Scenario of(String name, Drift middle, Drift small) {
        return new Scenario(name, List.of(LARGE, MIDDLE.drifting(middle), SMALL.drifting(small)));
    }

    private static SimulatedBackend backend(
            String name, double chat, double summarize, double millis, double cost, double weight) {
        return new SimulatedBackend(
                new Candidate(name, null, weight, cost),
                Map.of("chat", chat, "summarize", summarize),
                millis,
                cost,
                SLOTS,
                steady());
    }

    private static Drift steady() {
        return time -> Factors.NONE;
    }

    private static Drift between(double from, double to, Factors factors) {
        return time -> time >= from && time < to ? factors : Factors.NONE;
    }

    /** Good and bad for a tenth of the time each. */
    private static Drift flapping() {
        return time -> (int) (time * 10) % 2 == 0 ? Factors.NONE : new Factors(0.5, 2, 1);
    }
}
