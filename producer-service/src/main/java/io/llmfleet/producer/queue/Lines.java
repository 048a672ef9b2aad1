package io.llmfleet.producer.queue;

import io.llmfleet.producer.task.UuidOrder;
import io.llmfleet.producer.task.WaitingTasks;
import io.llmfleet.producer.task.WaitingTasks.InLine;
import io.llmfleet.producer.task.WaitingTasks.Line;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lines as they were a moment ago: each is read at most once a second and takes at most a tenth of
 * the time, however many ask for their place in it.
 */
final class Lines {

    private static final long FRESH_NANOS = 1_000_000_000L;
    private static final long FORGET_NANOS = 10 * FRESH_NANOS;
    private static final int PAUSE = 9;

    private final WaitingTasks tasks;
    private final boolean fair;
    private final int limit;
    private final LongSupplier nanoTime;
    private final Map<Line, Look> looks = new ConcurrentHashMap<>();

    /** How many were before a task, and whether there may be more. */
    record Ahead(long count, boolean atLeast) {}

    /**
     * @param fair whether tenants take turns, or the oldest task of all goes first
     * @param limit how far a line is counted
     */
    Lines(WaitingTasks tasks, boolean fair, int limit, LongSupplier nanoTime) {
        this.tasks = tasks;
        this.fair = fair;
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    Ahead ahead(Line line, String tenant, UUID task) {
        InLine now = looks.computeIfAbsent(line, Look::new).read();
        long own = older(now.ids().getOrDefault(tenant, List.of()), task);
        long count = now.higher() + own;
        for (Map.Entry<String, List<UUID>> other : now.ids().entrySet()) {
            if (!other.getKey().equals(tenant)) {
                count += ofOther(other.getValue(), own, task);
            }
        }
        return count >= limit ? new Ahead(limit, true) : new Ahead(count, false);
    }

    /** While so many of a task's own tenant go first, as many of each other tenant do. */
    private long ofOther(List<UUID> ids, long own, UUID task) {
        long older = older(ids, task);
        return fair ? Math.min(ids.size(), older > own ? own + 1 : own) : older;
    }

    private static int older(List<UUID> ids, UUID task) {
        int found = Collections.binarySearch(ids, task, UuidOrder.UNSIGNED);
        return found >= 0 ? found : -found - 1;
    }

    private void forgetOld() {
        long now = nanoTime.getAsLong();
        looks.values().removeIf(look -> look.readAt() - now < -FORGET_NANOS);
    }

    /** One line; those who ask for it at once wait for one reading. */
    private final class Look {

        private final Line line;
        private @Nullable InLine last;
        private volatile long readAt = nanoTime.getAsLong();
        private long freshUntil;

        Look(Line line) {
            this.line = line;
        }

        synchronized InLine read() {
            long start = nanoTime.getAsLong();
            InLine known = last;
            if (known != null && start - freshUntil < 0) {
                return known;
            }
            InLine read = tasks.read(line, limit);
            readAt = nanoTime.getAsLong();
            freshUntil = readAt + Math.max(FRESH_NANOS, PAUSE * (readAt - start));
            last = read;
            forgetOld();
            return read;
        }

        /** Not synchronized: a reading must not hold up that of another line. */
        long readAt() {
            return readAt;
        }
    }
}
