package io.llmfleet.choice;

import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What a candidate is worth: {@code success * s - latency * l / mean(l) - cost * c / mean(c)}, with
 * {@code l} the call's duration times how often the slots are taken over, the means over all
 * candidates.
 *
 * <p>A weighted sum with each measure set against its mean (simple additive weighting, Hwang and
 * Yoon, "Multiple Attribute Decision Making", 1981): neither currency nor unit matters.
 */
final class Valuation {

    private final Learning learning;
    private final double unknownMillis;
    private final double meanMillis;
    private final double meanCost;

    Valuation(List<Option> options, Learning learning) {
        this.learning = learning;
        this.unknownMillis =
                options.stream()
                        .map(o -> o.estimate().millis())
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .min()
                        .orElse(0);
        this.meanMillis = mean(options, this::millis);
        this.meanCost = mean(options, Option::cost);
    }

    double of(Option option) {
        return learning.success() * option.estimate().success()
                - learning.latency() * share(millis(option), meanMillis)
                - learning.cost() * share(option.cost(), meanCost);
    }

    /** A candidate that nobody has tried is taken for as quick as the quickest. */
    private double millis(Option option) {
        Double learned = option.estimate().millis();
        return (learned == null ? unknownMillis : learned) * Math.max(1, option.load());
    }

    private static double share(double value, double mean) {
        return mean <= 0 ? 0 : value / mean;
    }

    private static double mean(List<Option> options, ToDoubleFunction<Option> measure) {
        return options.stream().mapToDouble(measure).average().orElse(0);
    }
}
