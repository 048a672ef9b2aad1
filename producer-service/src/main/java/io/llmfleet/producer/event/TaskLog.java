package io.llmfleet.producer.event;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this replica heard of one task, for any number of followers to read at their own pace.
 *
 * <p>With a lock in place of {@code synchronized}: the JVM wakes a virtual thread from a monitor by
 * way of a thread of its own, from a condition directly.
 */
final class TaskLog {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Entry> entries = new ArrayList<>();
    private int forgotten;
    private int bytes;
    private int followers;
    private int signals;
    private volatile long touchedAt = System.nanoTime();

    /**
     * @return how many bytes it takes more
     */
    int add(Entry entry) {
        return locked(
                () -> {
                    entries.add(entry);
                    bytes += entry.size();
                    touchedAt = System.nanoTime();
                    changed.signalAll();
                    return entry.size();
                });
    }

    /** The entry with this number, counted from 0; null if it is not there yet. */
    @Nullable Entry read(int number) {
        lock.lock();
        try {
            int index = Math.max(0, number - forgotten);
            return index < entries.size() ? entries.get(index) : null;
        } finally {
            lock.unlock();
        }
    }

    /** The number of the entry that is read next by someone who has read up to {@code number}. */
    int next(int number) {
        return locked(() -> Math.max(number, forgotten) + 1);
    }

    /** Wakes followers although nothing was heard. */
    void wake() {
        locked(
                () -> {
                    changed.signalAll();
                    return ++signals;
                });
    }

    int signals() {
        return locked(() -> signals);
    }

    /** Waits for an entry with this number, or for another signal, or until the time is over. */
    void await(int number, int seenSignals, long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (read(number) == null && signals == seenSignals && millis > 0) {
                var _ = changed.await(millis, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets all entries; who has not read them yet meets a gap.
     *
     * @return how many bytes it takes less
     */
    int forget() {
        return locked(
                () -> {
                    int freed = bytes;
                    forgotten += entries.size();
                    entries.clear();
                    bytes = 0;
                    return freed;
                });
    }

    void join() {
        locked(() -> ++followers);
    }

    void leave() {
        locked(() -> --followers);
        touchedAt = System.nanoTime();
    }

    boolean followed() {
        return locked(() -> followers) > 0;
    }

    long touchedAt() {
        return touchedAt;
    }

    private int locked(IntSupplier action) {
        lock.lock();
        try {
            return action.getAsInt();
        } finally {
            lock.unlock();
        }
    }
}
