package io.llmfleet.producer.event;

import io.llmfleet.producer.task.TaskWaiters;
import io.llmfleet.producer.task.Tasks;
import java.util.UUID;
import org.springframework.context.SmartLifecycle;

/** Lets callers follow a task: its states, its output as it is made, and its end. */
public final class TaskStreams implements SmartLifecycle {

    private final TaskLogs logs;
    private final Tasks tasks;
    private final TaskWaiters waiters;
    private volatile boolean running;

    TaskStreams(TaskLogs logs, Tasks tasks, TaskWaiters waiters) {
        this.logs = logs;
        this.tasks = tasks;
        this.waiters = waiters;
    }

    /**
     * Follows a task from a position on, until the replica stops: the caller goes on elsewhere.
     *
     * @param after {@link Position#START}, or where another follower of this task was
     */
    public TaskFollower follow(String tenant, UUID task, Position after) {
        return new TaskFollower(tenant, task, after, logs, tasks, waiters, () -> !running);
    }

    /**
     * Follows a task that is about to be submitted, for a caller that cannot go on elsewhere: to
     * its end, or as long as anybody may wait while the replica stops.
     */
    public TaskFollower followNew(String tenant, UUID task) {
        return new TaskFollower(
                tenant, task, Position.START, logs, tasks, waiters, waiters::isOver);
    }

    @Override
    public void start() {
        running = true;
    }

    /** Stops when it is known how long waits may go on, and tells the followers. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1;
    }

    @Override
    public void stop() {
        running = false;
        logs.wakeAll();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
