package io.llmfleet.choice;

import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Decides with which chance each candidate gets the next task, and draws one.
 *
 * <p>{@link Strategy#ADAPTIVE} is a contextual bandit: the candidate of the highest value, but for
 * a share of exploration that the others have by how little is known of them. The share is {@code
 * sum of 1 / (1 + attempts)} over the others, kept between two bounds (epsilon-greedy with a share
 * that follows the uncertainty, after Sutton and Barto, "Reinforcement Learning", 2nd edition,
 * chapter 2).
 */
public final class Chooser {

    private Chooser() {}

    /**
     * @param options at least one
     * @return in the order of the options; the chances add up to 1
     */
    public static List<Assessed> assess(
            Strategy strategy, List<Option> options, Learning learning) {
        return switch (strategy) {
            case FIXED -> without(options, sure(options.size(), 0));
            case WEIGHTED ->
                    without(
                            options,
                            shares(
                                    options.stream()
                                            .mapToDouble(o -> o.candidate().weight())
                                            .toArray()));
            case LEAST_LOADED -> without(options, sure(options.size(), leastLoaded(options)));
            case ADAPTIVE -> adaptive(options, learning);
        };
    }

    /**
     * @param random from 0 (inclusive) to 1 (exclusive)
     */
    public static Assessed draw(List<Assessed> assessed, double random) {
        double left = random;
        for (Assessed one : assessed) {
            left -= one.chance();
            if (left < 0) {
                return one;
            }
        }
        return likeliest(assessed);
    }

    public static Assessed likeliest(List<Assessed> assessed) {
        return assessed.stream().max(Comparator.comparingDouble(Assessed::chance)).orElseThrow();
    }

    private static List<Assessed> adaptive(List<Option> options, Learning learning) {
        Valuation valuation = new Valuation(options, learning);
        double[] values = options.stream().mapToDouble(valuation::of).toArray();
        double[] chances = chances(options, best(values), learning);
        return IntStream.range(0, values.length)
                .mapToObj(i -> new Assessed(options.get(i), values[i], chances[i]))
                .toList();
    }

    private static double[] chances(List<Option> options, int best, Learning learning) {
        double[] unknown =
                options.stream().mapToDouble(o -> 1 / (1 + o.estimate().attempts())).toArray();
        unknown[best] = 0;
        double sum = DoubleStream.of(unknown).sum();
        double explored =
                options.size() == 1
                        ? 0
                        : Math.clamp(sum, learning.leastExploration(), learning.mostExploration());
        double[] chances = new double[unknown.length];
        for (int i = 0; i < chances.length; i++) {
            chances[i] = i == best ? 1 - explored : explored * unknown[i] / sum;
        }
        return chances;
    }

    private static int best(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static int leastLoaded(List<Option> options) {
        return best(options.stream().mapToDouble(o -> -o.load()).toArray());
    }

    private static double[] sure(int size, int chosen) {
        double[] chances = new double[size];
        chances[chosen] = 1;
        return chances;
    }

    private static double[] shares(double[] weights) {
        double sum = DoubleStream.of(weights).sum();
        return sum <= 0
                ? sure(weights.length, 0)
                : DoubleStream.of(weights).map(w -> w / sum).toArray();
    }

    private static List<Assessed> without(List<Option> options, double[] chances) {
        return IntStream.range(0, chances.length)
                .mapToObj(i -> new Assessed(options.get(i), null, chances[i]))
                .toList();
    }
}
