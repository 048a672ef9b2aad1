package io.llmfleet.producer.task;

import io.llmfleet.model.TaskState;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counts tasks, without reading them. */
public interface TaskCounts {

    /**
     * The tasks of one batch.
     *
     * @param states how many are in each state; states without tasks are left out
     * @param lastCreatedAt when the newest was accepted, if there is one
     */
    record OfBatch(Map<TaskState, Long> states, @Nullable Instant lastCreatedAt) {}

    OfBatch ofBatch(UUID batch);
}
