package io.llmfleet.system.simulation;

import io.llmfleet.choice.Candidate;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A backend whose success, duration and cost change while time passes.
 *
 * @param success by type, while nothing drifts
 * @param millis mean duration of a call, while nothing drifts
 * @param cost of a call, while nothing drifts
 */
record SimulatedBackend(
        Candidate candidate,
        Map<String, Double> success,
        double millis,
        double cost,
        int slots,
        Drift drift) {

    /** Spread of durations: the sigma of a log-normal distribution. */
    private static final double SPREAD = 0.4;

    /** Factors on success, duration and cost at a time between 0 (the start) and 1 (the end). */
    record Factors(double success, double millis, double cost) {
        static final Factors NONE = new Factors(1, 1, 1);
    }

    /** What the factors are at a time. */
    @FunctionalInterface
    interface Drift {
        Factors at(double time);
    }

    double success(String type, double time) {
        return success.getOrDefault(type, 1.0) * drift.at(time).success();
    }

    double meanMillis(double time) {
        return millis * drift.at(time).millis();
    }

    double millis(double time, RandomGenerator random) {
        double normal = random.nextGaussian();
        return meanMillis(time) * Math.exp(SPREAD * normal - SPREAD * SPREAD / 2);
    }

    double cost(double time) {
        return cost * drift.at(time).cost();
    }

    SimulatedBackend drifting(Drift other) {
        return new SimulatedBackend(candidate, success, millis, cost, slots, other);
    }
}
