package io.llmfleet.producer.dispatch;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.Tasks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Cancels tasks: the store first, so that CANCELLED is final whatever comes later, then the
 * workers, so that queued messages never start and running calls are aborted.
 */
public final class Cancellation {

    private final Tasks tasks;
    private final Ending ending;
    private final ControlStream control;

    Cancellation(Tasks tasks, Ending ending, ControlStream control) {
        this.tasks = tasks;
        this.ending = ending;
        this.control = control;
    }

    /**
     * Cancels the task unless it is final already, and returns it as it is then; empty if there is
     * no such task.
     */
    public Optional<TaskView> cancel(String tenant, UUID id) {
        Optional<TaskView> task = tasks.find(tenant, id);
        if (task.isEmpty() || task.get().state().isFinal()) {
            return task;
        }
        if (!ending.end(List.of(cancelled(task.get()))).isEmpty()) {
            control.cancel(id, task.get().epoch());
        }
        return tasks.find(tenant, id);
    }

    /** Cancels those of these tasks that are not final. */
    public void cancelAll(List<TaskView> open) {
        ending.end(open.stream().map(Cancellation::cancelled).toList())
                .forEach(ended -> control.cancel(ended.id(), ended.epoch()));
    }

    private static FinalOutcome cancelled(TaskView task) {
        return new FinalOutcome(
                task.id(),
                task.epoch(),
                TaskState.CANCELLED,
                task.attempts(),
                task.startedAt(),
                Instant.now(),
                task.pool(),
                task.model(),
                task.routeReason(),
                Failure.of(FailureCode.CANCELLED, "the task was cancelled"),
                task.failures(),
                null);
    }
}
