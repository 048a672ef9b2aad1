package io.llmfleet.producer.event;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this replica heard of one task, for any number of followers to read at their own pace. */
final class TaskLog {

    private final List<Entry> entries = new ArrayList<>();
    private int forgotten;
    private int bytes;
    private int followers;
    private int signals;
    private long touchedAt = System.nanoTime();

    /**
     * @return how many bytes it takes more
     */
    synchronized int add(Entry entry) {
        entries.add(entry);
        bytes += entry.size();
        touchedAt = System.nanoTime();
        notifyAll();
        return entry.size();
    }

    /** The entry with this number, counted from 0; null if it is not there yet. */
    synchronized @Nullable Entry read(int number) {
        int index = Math.max(0, number - forgotten);
        return index < entries.size() ? entries.get(index) : null;
    }

    /** The number of the entry that is read next by someone who has read up to {@code number}. */
    synchronized int next(int number) {
        return Math.max(number, forgotten) + 1;
    }

    /** Wakes followers although nothing was heard. */
    synchronized void wake() {
        signals++;
        notifyAll();
    }

    synchronized int signals() {
        return signals;
    }

    /** Waits for an entry with this number, or for another signal, or until the time is over. */
    synchronized void await(int number, int seenSignals, long millis) throws InterruptedException {
        if (read(number) == null && signals == seenSignals && millis > 0) {
            wait(millis);
        }
    }

    /**
     * Forgets all entries; who has not read them yet meets a gap.
     *
     * @return how many bytes it takes less
     */
    synchronized int forget() {
        int freed = bytes;
        forgotten += entries.size();
        entries.clear();
        bytes = 0;
        return freed;
    }

    synchronized void join() {
        followers++;
    }

    synchronized void leave() {
        followers--;
        touchedAt = System.nanoTime();
    }

    synchronized boolean followed() {
        return followers > 0;
    }

    synchronized long touchedAt() {
        return touchedAt;
    }
}
