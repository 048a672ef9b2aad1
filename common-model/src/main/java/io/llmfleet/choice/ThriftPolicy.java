package io.llmfleet.choice;

import java.util.List;

/**
 * Leaves out what is too dear for a tenant whose day's budget runs low: what a task may cost falls
 * in a straight line from that of the dearest candidate, when {@code from} of the budget is used,
 * to that of the cheapest, when all is.
 */
public final class ThriftPolicy {

    /** Costs are estimates: what differs by less is as cheap. */
    private static final double TOLERANCE = 1.001;

    private ThriftPolicy() {}

    /**
     * @param used share of the budget, 1 when it is spent
     * @param from share from which on it counts, below 1
     * @return those that are left, at least one of the options
     */
    public static List<Option> affordable(List<Option> options, double used, double from) {
        if (used < from || options.size() < 2) {
            return options;
        }
        double cheapest = options.stream().mapToDouble(Option::cost).min().orElse(0);
        double dearest = options.stream().mapToDouble(Option::cost).max().orElse(0);
        double left = Math.clamp((1 - used) / (1 - from), 0, 1);
        double limit = (cheapest + (dearest - cheapest) * left) * TOLERANCE;
        return options.stream().filter(o -> o.cost() <= limit).toList();
    }
}
