package io.llmfleet.producer.task;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long tasks are kept, in whole days (UTC) after the day of their acceptance.
 *
 * @param contentDays prompts and answers; more than the longest deadline
 * @param taskDays everything else of a task
 */
@ConfigurationProperties("fleet.retention")
public record RetentionProperties(
        @DefaultValue("7") int contentDays, @DefaultValue("30") int taskDays) {

    /** The longest deadline that a task may have, in days: its input must outlive it. */
    public static final int LONGEST_DEADLINE_DAYS = 6;

    public RetentionProperties {
        if (contentDays <= LONGEST_DEADLINE_DAYS) {
            throw new IllegalArgumentException(
                    "fleet.retention.content-days is "
                            + contentDays
                            + ", accepted: more than "
                            + LONGEST_DEADLINE_DAYS);
        }
        if (taskDays < contentDays) {
            throw new IllegalArgumentException(
                    "fleet.retention.task-days is "
                            + taskDays
                            + ", accepted: no fewer than content-days ("
                            + contentDays
                            + ")");
        }
    }
}
