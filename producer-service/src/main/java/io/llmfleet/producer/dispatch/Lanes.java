package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.dispatch.Windows.Allowed;
import io.llmfleet.producer.task.LaneLook;
import io.llmfleet.producer.task.OpenTasks.Lane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this replica believes of each lane: what the last look at the store showed, and what it
 * accepted since.
 */
final class Lanes {

    private final Map<Lane, Belief> beliefs = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final LongAdder open = new LongAdder();
    private volatile boolean waiting;
    private Allowed allowed;

    private static final class Belief {

        private long waiting;
        private long inBroker;
        private final long allowed;

        Belief(long waiting, long inBroker, long allowed) {
            this.waiting = waiting;
            this.inBroker = inBroker;
            this.allowed = allowed;
        }
    }

    /**
     * @param allowed until there has been a look
     */
    Lanes(Allowed allowed) {
        this.allowed = allowed;
    }

    /** Counts one more task of a lane, and says whether it may go to the broker at once. */
    boolean add(Lane lane, boolean brokerTakesMessages) {
        open.increment();
        lock.lock();
        try {
            Belief belief = beliefs.computeIfAbsent(lane, l -> new Belief(0, 0, allowed.of(l)));
            boolean now =
                    DispatchPolicy.mayGoAtOnce(
                            belief.waiting, belief.inBroker, belief.allowed, brokerTakesMessages);
            if (now) {
                belief.inBroker++;
            } else {
                belief.waiting++;
                waiting = true;
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a task waits in the store, as far as is known here. */
    boolean anyWaits() {
        return waiting;
    }

    /** Unfinished tasks of all lanes. */
    long open() {
        return open.sum();
    }

    /** Takes over how many unfinished tasks there are. */
    void counted(long tasks) {
        open.reset();
        open.add(tasks);
    }

    /** Takes over what a look at the store showed. */
    void seen(List<LaneLook> looks, Allowed now) {
        lock.lock();
        try {
            allowed = now;
            beliefs.clear();
            waiting = false;
            for (LaneLook l : looks) {
                beliefs.put(l.lane(), new Belief(l.waiting(), l.inLine(), now.of(l.lane())));
                waiting |= l.waiting() > 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** So many tasks of a lane are on their way to the broker. */
    void claimed(Lane lane, int tasks) {
        lock.lock();
        try {
            Belief belief = beliefs.computeIfAbsent(lane, l -> new Belief(0, 0, allowed.of(l)));
            belief.waiting = Math.max(0, belief.waiting - tasks);
            belief.inBroker += tasks;
        } finally {
            lock.unlock();
        }
    }
}
