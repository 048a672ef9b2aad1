package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.OpenTasks.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Gathers what the broker confirmed or refused, and tells the store in batches. */
final class SentTasks {

    private static final int BATCH = 1_000;

    private final OpenTasks openTasks;
    private final ConcurrentLinkedQueue<Ref> confirmed = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<UUID> refused = new ConcurrentLinkedQueue<>();

    SentTasks(OpenTasks openTasks) {
        this.openTasks = openTasks;
    }

    void confirmed(Ref task) {
        confirmed.add(task);
    }

    void refused(UUID task) {
        refused.add(task);
    }

    /**
     * What cannot be told now (the store is away) is told by the sweep: the tasks are sent again
     * under the same id.
     */
    void flush() {
        for (List<Ref> batch = take(confirmed); !batch.isEmpty(); batch = take(confirmed)) {
            openTasks.markSent(batch);
        }
        for (List<UUID> batch = take(refused); !batch.isEmpty(); batch = take(refused)) {
            openTasks.release(batch);
        }
    }

    private static <T> List<T> take(ConcurrentLinkedQueue<T> queue) {
        List<T> batch = new ArrayList<>();
        for (T next = queue.poll(); next != null; next = queue.poll()) {
            batch.add(next);
            if (batch.size() == BATCH) {
                break;
            }
        }
        return batch;
    }
}
