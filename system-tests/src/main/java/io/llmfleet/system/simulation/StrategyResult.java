package io.llmfleet.system.simulation;

import io.llmfleet.choice.Strategy;

/**
 * How a strategy did.
 *
 * @param regret how much less the chosen candidate was worth than the best one, on average; in
 *     units of a sure success
 * @param done share of tasks that succeeded in the end
 * @param success share of attempts that succeeded
 * @param p95Millis from a task's arrival to its success, retries included
 * @param cost of a task, attempts that failed included
 */
public record StrategyResult(
        String scenario,
        Strategy strategy,
        double regret,
        double done,
        double success,
        double p95Millis,
        double cost) {}
