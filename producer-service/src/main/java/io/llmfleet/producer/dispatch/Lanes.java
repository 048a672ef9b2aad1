package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.task.OpenTasks.Lane;
import io.llmfleet.producer.task.OpenTasks.LaneCount;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this replica believes of each lane: the store's count of a moment ago, and what it accepted
 * since.
 */
final class Lanes {

    private final int window;
    private final Map<Lane, long[]> counts = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final LongAdder open = new LongAdder();

    Lanes(int window) {
        this.window = window;
    }

    /** Counts one more task of a lane, and says whether it may go to the broker at once. */
    boolean add(Lane lane, boolean brokerTakesMessages) {
        open.increment();
        lock.lock();
        try {
            long[] count = counts.computeIfAbsent(lane, ignored -> new long[2]);
            boolean now =
                    DispatchPolicy.mayGoAtOnce(count[0], count[1], window, brokerTakesMessages);
            count[now ? 1 : 0]++;
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** Unfinished tasks of all lanes. */
    long open() {
        return open.sum();
    }

    void replace(List<LaneCount> counted) {
        lock.lock();
        try {
            counts.clear();
            open.reset();
            for (LaneCount c : counted) {
                counts.put(c.lane(), new long[] {c.waiting(), c.inBroker()});
                open.add(c.waiting() + c.inBroker() + c.held());
            }
        } finally {
            lock.unlock();
        }
    }
}
