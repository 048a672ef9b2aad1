package io.llmfleet.producer.event;

import io.llmfleet.producer.event.StreamItem.Ended;
import io.llmfleet.producer.event.StreamItem.Gap;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.TaskWaiters;
import io.llmfleet.producer.task.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Reads what happens to one task at its caller's pace; holds no more than the caller has not asked
 * for yet of one entry. For one thread.
 */
public final class TaskFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TaskFollower.class);

    /** How often it looks into the store although nobody called. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** How long deltas may come after the final state that was stored behind them. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(2);

    private final String tenant;
    private final UUID id;
    private final TaskLogs logs;
    private final Tasks tasks;
    private final TaskWaiters waiters;
    private final BooleanSupplier leave;
    private final TaskLog taskLog;
    private final StreamCursor cursor;
    private final Queue<StreamItem> ready = new ArrayDeque<>();
    private CompletableFuture<Optional<FinalOutcome>> signal = new CompletableFuture<>();
    private Instant nextLook = Instant.now().plus(LOOK);
    private @Nullable TaskView known;
    private @Nullable TaskView ended;
    private int read;
    private boolean over;

    TaskFollower(
            String tenant,
            UUID id,
            Position after,
            TaskLogs logs,
            Tasks tasks,
            TaskWaiters waiters,
            BooleanSupplier leave) {
        this.tenant = tenant;
        this.id = id;
        this.logs = logs;
        this.tasks = tasks;
        this.waiters = waiters;
        this.leave = leave;
        this.cursor = new StreamCursor(after);
        this.taskLog = logs.join(id);
        subscribe();
    }

    /** Tells it how the task is in the store, so that it need not look for itself. */
    public void know(TaskView task) {
        known = task;
        if (task.state().isFinal()) {
            ended = task;
        }
    }

    /** Makes it look into the store at once, for a task that may be final already. */
    public void lookNow() {
        nextLook = Instant.MIN;
    }

    /**
     * What comes next; empty if nothing did within the time, or the follower shall go on elsewhere.
     *
     * @throws InterruptedException if the thread shall end
     */
    public Optional<StreamItem> next(Duration timeout) throws InterruptedException {
        Instant end = Instant.now().plus(timeout);
        while (true) {
            int signals = taskLog.signals();
            StreamItem item = poll();
            if (item != null) {
                return Optional.of(item);
            }
            lookIfDue();
            if (ended != null && !over && mayEnd(ended)) {
                return Optional.of(end(ended));
            }
            Instant now = Instant.now();
            if (isOver() || !now.isBefore(end)) {
                return Optional.empty();
            }
            long left = Duration.between(now, waiters.endOf(earlier(end, due()))).toMillis();
            taskLog.await(read, signals, Math.max(left, 1));
        }
    }

    /** Whether nothing more comes here: the end was told, or the follower shall go on elsewhere. */
    public boolean isOver() {
        return over && ready.isEmpty() || leave.getAsBoolean();
    }

    /** Whether it had to end before the task did, because the replica stops. */
    public boolean isCutOff() {
        return !over && waiters.isOver();
    }

    private @Nullable StreamItem poll() {
        while (ready.isEmpty()) {
            Entry entry = taskLog.read(read);
            if (entry == null) {
                return null;
            }
            read = taskLog.next(read);
            ready.addAll(cursor.next(entry));
        }
        return ready.poll();
    }

    private void lookIfDue() {
        if (ended != null || !signal.isDone() && Instant.now().isBefore(nextLook)) {
            return;
        }
        if (signal.isDone()) {
            ended = heard();
            subscribe();
        }
        if (ended == null) {
            look();
        }
    }

    /** How it ended, if this replica stored it. */
    private @Nullable TaskView heard() {
        TaskView before = known;
        return before == null ? null : signal.join().map(before::ended).orElse(null);
    }

    private void look() {
        nextLook = Instant.now().plus(LOOK);
        try {
            ended = tasks.find(tenant, id).filter(t -> t.state().isFinal()).orElse(null);
        } catch (DataAccessException e) {
            log.debug("a follower's look failed, another comes: {}", e.toString());
        }
    }

    private boolean mayEnd(TaskView task) {
        return hasAll(task) || !Instant.now().isBefore(stragglersUntil(task));
    }

    private boolean hasAll(TaskView task) {
        return cursor.hasAll(task.epoch(), task.attempts(), task.deltas());
    }

    private StreamItem end(TaskView task) {
        over = true;
        Ended item = new Ended(Position.ofFinal(task), task);
        if (hasAll(task)) {
            return item;
        }
        ready.add(item);
        return new Gap(cursor.last());
    }

    private Instant due() {
        return ended == null ? nextLook : stragglersUntil(ended);
    }

    private Instant stragglersUntil(TaskView task) {
        Instant finished = task.finishedAt();
        return finished == null ? Instant.MIN : later(finished.plus(STRAGGLERS), logs.caughtUpAt());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void subscribe() {
        waiters.unsubscribe(id, signal);
        signal = waiters.subscribe(id);
        var _ = signal.thenRun(taskLog::wake);
    }

    @Override
    public void close() {
        waiters.unsubscribe(id, signal);
        logs.leave(id, taskLog);
    }
}
