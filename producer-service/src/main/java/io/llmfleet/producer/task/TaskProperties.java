package io.llmfleet.producer.task;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tasks are stored.
 *
 * @param commitThreads transactions at once that accept tasks
 * @param commitGroup how many tasks one transaction accepts at most
 * @param fencing false breaks the rule that only the first final of a task takes effect; only for
 *     testing a loss checker
 * @param maxAttempts how often a task is tried, the first attempt included
 */
@ConfigurationProperties("fleet.task")
public record TaskProperties(
        @DefaultValue("2") int commitThreads,
        @DefaultValue("500") int commitGroup,
        @DefaultValue("5") int maxAttempts,
        @DefaultValue("true") boolean fencing) {

    public TaskProperties {
        requirePositive("commit-threads", commitThreads);
        requirePositive("commit-group", commitGroup);
        requirePositive("max-attempts", maxAttempts);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "fleet.task." + name + " is " + value + ", accepted: 1 or more");
        }
    }
}
