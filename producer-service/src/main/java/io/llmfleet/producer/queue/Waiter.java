package io.llmfleet.producer.queue;

import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.WaitingTasks.Line;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task that waits for a worker, as far as its place in line depends on it.
 *
 * @param pool the router's choice; null before it has made one
 */
public record Waiter(
        UUID id,
        String tenant,
        String type,
        String target,
        Priority priority,
        @Nullable String pool) {

    /** Empty if the task does not wait in line: it runs, waits for another try, or is final. */
    public static Optional<Waiter> of(TaskView task) {
        return isInLine(task.state())
                ? Optional.of(
                        new Waiter(
                                task.id(),
                                task.tenant(),
                                task.type(),
                                task.target(),
                                task.priority(),
                                task.pool()))
                : Optional.empty();
    }

    /** Whether a task in this state waits for a worker. */
    public static boolean isInLine(TaskState state) {
        return switch (state) {
            case ACCEPTED, QUEUED, ROUTED -> true;
            case RUNNING, RETRYING, SUCCEEDED, FAILED, CANCELLED, EXPIRED -> false;
        };
    }

    Line line() {
        return new Line(target, pool, priority);
    }
}
