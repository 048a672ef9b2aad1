package io.llmfleet.producer.task;

/**
 * How much a task and all that it leads to may delegate.
 *
 * @param maxDepth how many generations of tasks there may be below it
 * @param maxTasks how many tasks there may be below it
 * @param maxTokens how many tokens they and its own rounds may have used when one more is asked for
 */
public record DelegationLimits(int maxDepth, int maxTasks, long maxTokens) {}
