package io.llmfleet.producer.task;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What tasks may delegate at most, whatever they ask for.
 *
 * @param maxDepth generations of tasks below one
 * @param maxTasks tasks below one
 * @param maxTokens of a task and those below it
 * @param maxRounds how often one task may delegate
 * @param maxResult what a caller is given of one result; a larger one is told as a failure
 * @param maxContinuation what a caller may leave for its next round
 */
@ConfigurationProperties("fleet.delegation")
public record DelegationProperties(
        @DefaultValue("3") int maxDepth,
        @DefaultValue("64") int maxTasks,
        @DefaultValue("10000000") long maxTokens,
        @DefaultValue("8") int maxRounds,
        @DefaultValue("256KB") DataSize maxResult,
        @DefaultValue("4MB") DataSize maxContinuation) {

    static final int USUAL_DEPTH = 1;
    static final int USUAL_TASKS = 8;
    static final long USUAL_TOKENS = 1_000_000;

    public DelegationProperties {
        requirePositive("max-depth", maxDepth);
        requirePositive("max-tasks", maxTasks);
        requirePositive("max-tokens", maxTokens);
        requirePositive("max-rounds", maxRounds);
        requirePositive("max-result", maxResult.toBytes());
        requirePositive("max-continuation", maxContinuation.toBytes());
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "fleet.delegation." + name + " is " + value + ", accepted: 1 or more");
        }
    }

    /** Where a task names no limits. */
    DelegationLimits usual() {
        return new DelegationLimits(
                Math.min(USUAL_DEPTH, maxDepth),
                Math.min(USUAL_TASKS, maxTasks),
                Math.min(USUAL_TOKENS, maxTokens));
    }
}
