package io.llmfleet.producer.event;

import io.llmfleet.model.TaskState;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this replica heard lately of tasks that are followed or have deltas, within a bound of
 * memory: what was touched longest ago is forgotten first.
 */
final class TaskLogs {

    /** How long a replica that starts may be busy with what was said before. */
    private static final Duration CATCH_UP = Duration.ofSeconds(20);

    private final Instant caughtUpAt = Instant.now().plus(CATCH_UP);
    private final Map<UUID, TaskLog> logs = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final StreamProperties properties;

    TaskLogs(StreamProperties properties) {
        this.properties = properties;
    }

    /** From when on what is missing here was lost, and is not just still to be read. */
    Instant caughtUpAt() {
        return caughtUpAt;
    }

    void heard(Event event, TaskState state) {
        TaskLog log = logs.get(event.taskId());
        if (log != null) {
            bytes.addAndGet(log.add(Entry.of(event, state)));
        }
    }

    void heard(Delta delta) {
        logs.compute(
                delta.taskId(),
                (id, known) -> {
                    TaskLog log = known == null ? new TaskLog() : known;
                    bytes.addAndGet(log.add(Entry.of(delta)));
                    return log;
                });
        if (bytes.get() > properties.memory().toBytes()) {
            forgetOldest();
        }
    }

    /** The task's log, kept until {@link #leave}. */
    TaskLog join(UUID task) {
        return logs.compute(
                task,
                (id, known) -> {
                    TaskLog log = known == null ? new TaskLog() : known;
                    log.join();
                    return log;
                });
    }

    void leave(UUID task, TaskLog log) {
        log.leave();
        if (log.read(0) == null && !log.followed()) {
            removeUnfollowed(task);
        }
    }

    /** Wakes every follower. */
    void wakeAll() {
        logs.values().forEach(TaskLog::wake);
    }

    /** Forgets what nobody follows and was not touched for a while. */
    void forgetOld() {
        long limit = System.nanoTime() - properties.recent().toNanos();
        logs.forEach(
                (task, log) -> {
                    if (!log.followed() && log.touchedAt() - limit < 0) {
                        removeUnfollowed(task);
                    }
                });
    }

    private void removeUnfollowed(UUID task) {
        logs.computeIfPresent(
                task,
                (id, log) -> {
                    if (log.followed()) {
                        return log;
                    }
                    bytes.addAndGet(-log.forget());
                    return null;
                });
    }

    /** As it was when they were put in order; a log may be touched meanwhile. */
    private record Aged(UUID task, TaskLog log, boolean followed, long age) {}

    /** Down to nine tenths, so that this is not done for every delta. */
    private void forgetOldest() {
        long enough = properties.memory().toBytes() / 10 * 9;
        long now = System.nanoTime();
        List<Aged> oldest =
                logs.entrySet().stream()
                        .map(
                                e ->
                                        new Aged(
                                                e.getKey(),
                                                e.getValue(),
                                                e.getValue().followed(),
                                                now - e.getValue().touchedAt()))
                        .sorted(
                                Comparator.comparing(Aged::followed)
                                        .thenComparing(Aged::age, Comparator.reverseOrder()))
                        .toList();
        for (Aged one : oldest) {
            if (bytes.get() <= enough) {
                return;
            }
            bytes.addAndGet(-one.log().forget());
            removeUnfollowed(one.task());
        }
    }
}
