package io.llmfleet.router.routing;

import io.llmfleet.choice.Learning;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the strategy {@code adaptive} learns and weighs.
 *
 * @param success what a sure success is worth against a sure failure
 * @param latency what a call of mean duration costs against {@code success}
 * @param cost what a task of mean cost costs against {@code success}
 * @param leastExploration share of tasks that at least go to others than the best
 * @param mostExploration share of tasks that at most do
 * @param halfLife after which an attempt counts half
 * @param memory the most attempts that an estimate stands on
 */
public record LearningProperties(
        @DefaultValue("1") double success,
        @DefaultValue("0.05") double latency,
        @DefaultValue("0.05") double cost,
        @DefaultValue("0.02") double leastExploration,
        @DefaultValue("0.1") double mostExploration,
        @DefaultValue("10m") Duration halfLife,
        @DefaultValue("200") int memory) {

    Learning learning() {
        return new Learning(
                success, latency, cost, leastExploration, mostExploration, halfLife, memory);
    }
}
