package io.llmfleet.choice;

import java.time.Duration;

/**
 * How {@link Strategy#ADAPTIVE} learns and weighs.
 *
 * @param success what a sure success is worth against a sure failure
 * @param latency what a call of mean duration costs against {@code success}
 * @param cost what a task of mean cost costs against {@code success}
 * @param leastExploration share of tasks that at least go to others than the best
 * @param mostExploration share of tasks that at most do
 * @param halfLife after which an attempt counts half
 * @param memory the most attempts that an estimate stands on: each one more pushes older ones out
 */
public record Learning(
        double success,
        double latency,
        double cost,
        double leastExploration,
        double mostExploration,
        Duration halfLife,
        int memory) {

    public static final Learning DEFAULT =
            new Learning(1, 0.05, 0.05, 0.02, 0.1, Duration.ofMinutes(10), 200);
}
