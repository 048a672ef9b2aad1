package io.llmfleet.producer.event;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.Progress;
import io.llmfleet.wire.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Gathers what events say of tasks on their way, the last of each task, and writes it to the store
 * in batches; a task that is final before its turn is never written.
 */
final class TaskProgress {

    /** A worker's answer to {@code who-runs} is a running event that says so. */
    static final String WHO_RUNS = "who-runs";

    private static final int BATCH = 1_000;

    private final OpenTasks openTasks;
    private final Duration askAgainAfter;
    private final Map<UUID, Progress> latest = new ConcurrentHashMap<>();
    private final Set<UUID> answered = ConcurrentHashMap.newKeySet();

    TaskProgress(OpenTasks openTasks, Duration askAgainAfter) {
        this.openTasks = openTasks;
        this.askAgainAfter = askAgainAfter;
    }

    void add(Event event, TaskState state) {
        if (WHO_RUNS.equals(event.why())) {
            answered.add(event.taskId());
            return;
        }
        Progress progress =
                new Progress(
                        event.taskId(),
                        event.epoch(),
                        event.attempt(),
                        state,
                        event.at(),
                        event.pool(),
                        event.model(),
                        state == TaskState.ROUTED ? event.why() : null);
        latest.merge(event.taskId(), progress, (known, said) -> said.isAfter(known) ? said : known);
    }

    void finished(UUID task) {
        latest.remove(task);
    }

    void flush() {
        if (!answered.isEmpty()) {
            List<UUID> ids = List.copyOf(answered);
            openTasks.answered(ids, askAgainAfter);
            ids.forEach(answered::remove);
        }
        List<Progress> all = new ArrayList<>(latest.values());
        for (int from = 0; from < all.size(); from += BATCH) {
            List<Progress> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            project(batch);
            batch.forEach(p -> latest.remove(p.id(), p));
        }
    }

    /** What the store can never take is left out: nothing depends on it, and the rest must pass. */
    private void project(List<Progress> batch) {
        try {
            openTasks.project(batch);
        } catch (DataIntegrityViolationException | ArithmeticException e) {
            if (batch.size() > 1) {
                batch.forEach(progress -> project(List.of(progress)));
            }
        }
    }
}
