package io.llmfleet.producer.batch;

import io.llmfleet.model.TaskState;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * How far a batch is.
 *
 * @param total tasks that were accepted
 * @param refused lines that were not; known once all lines are read
 * @param states how many tasks are in each state; states without tasks are left out
 * @param finished no more tasks come, and all are final
 */
public record BatchView(
        UUID id,
        Instant createdAt,
        long total,
        int refused,
        Map<TaskState, Long> states,
        boolean finished) {}
