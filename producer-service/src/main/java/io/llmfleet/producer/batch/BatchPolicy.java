package io.llmfleet.producer.batch;

import io.llmfleet.model.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Decides whether a batch is finished. */
final class BatchPolicy {

    /**
     * A producer that died while it read a batch never closes it; after so long a silence it is.
     */
    static final Duration SILENCE = Duration.ofMinutes(10);

    private BatchPolicy() {}

    /**
     * @param closed whether all lines were read
     * @param lastAccepted when the last task came; when the batch was opened if there is none
     */
    static boolean isFinished(
            boolean closed, Instant lastAccepted, Map<TaskState, Long> states, Instant now) {
        boolean complete = closed || lastAccepted.plus(SILENCE).isBefore(now);
        return complete && states.keySet().stream().allMatch(TaskState::isFinal);
    }
}
