package io.llmfleet.worker.execution;

import io.llmfleet.tracing.Wordless;
import io.llmfleet.worker.backend.Backends;
import io.llmfleet.worker.metrics.WorkMeters;
import io.llmfleet.worker.metrics.WorkMeters.Action;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts what waits in the lanes, as many at once as there are slots and the backends admit.
 *
 * <ul>
 *   <li>I1: {@code running} counts the threads between their start and the settlement of their
 *       message.
 *   <li>I2: all fields are read and written under {@code lock}.
 * </ul>
 */
public final class Slots {

    /** High, normal, low. */
    public static final int LANES = 3;

    private static final Logger log = LoggerFactory.getLogger(Slots.class);
    private static final long FORGET_AFTER = 10_000;

    private final int slots;
    private final Backends backends;
    private final RunningTasks tasks;
    private final TaskRunner runner;
    private final WorkMeters meters;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final List<ArrayDeque<WorkItem>> waiting = new ArrayList<>();
    private final int[] runningByLane = new int[LANES];
    private final long[] started = new long[LANES];

    /** What the lane that started last had used of its weight before. */
    private double used;

    private int running;
    private boolean stopped;

    /**
     * @param lanes names of the lanes that are used, from the first on
     */
    public Slots(
            int slots,
            List<String> lanes,
            Backends backends,
            RunningTasks tasks,
            TaskRunner runner,
            WorkMeters meters) {
        this.slots = slots;
        this.backends = backends;
        this.tasks = tasks;
        this.runner = runner;
        this.meters = meters;
        for (int lane = 0; lane < LANES; lane++) {
            waiting.add(new ArrayDeque<>());
        }
        for (int i = 0; i < lanes.size(); i++) {
            int lane = i;
            meters.lane(lanes.get(i), () -> running(lane), () -> waiting(lane));
        }
    }

    /** A message arrived; it starts now or when a slot is free. */
    public void offer(int lane, WorkItem item) {
        meters.received(item.kind());
        lock.lock();
        try {
            if (waiting.get(lane).isEmpty()) {
                started[lane] = LanePolicy.rejoin(lane, started[lane], used);
            }
            waiting.get(lane).add(item);
            startWaiting();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Looks again whether something may start: the backends or the control stream may have changed
     * their mind.
     */
    public void poll() {
        lock.lock();
        try {
            startWaiting();
        } finally {
            lock.unlock();
        }
    }

    /** How many are in use. */
    public int busy() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    private int running(int lane) {
        lock.lock();
        try {
            return runningByLane[lane];
        } finally {
            lock.unlock();
        }
    }

    private int waiting(int lane) {
        lock.lock();
        try {
            return waiting.get(lane).size();
        } finally {
            lock.unlock();
        }
    }

    /** Messages that each lane holds, running or waiting. */
    public int[] held() {
        lock.lock();
        try {
            int[] held = runningByLane.clone();
            for (int lane = 0; lane < LANES; lane++) {
                held[lane] += waiting.get(lane).size();
            }
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** Gives everything back that was not started. */
    public void handBackWaiting() {
        List<WorkItem> unstarted = new ArrayList<>();
        lock.lock();
        try {
            waiting.forEach(
                    lane -> {
                        unstarted.addAll(lane);
                        lane.clear();
                    });
        } finally {
            lock.unlock();
        }
        if (!unstarted.isEmpty()) {
            log.info("giving {} unstarted messages back", unstarted.size());
            unstarted.forEach(runner::handBack);
        }
    }

    /** Starts nothing more. */
    void close() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what runs; false if something still runs then. */
    boolean awaitIdle(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (running > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return running == 0;
        } finally {
            lock.unlock();
        }
    }

    private void startWaiting() {
        if (stopped || !tasks.isUpToDate()) {
            return;
        }
        int admitted = backends.admits(slots - running, running);
        while (admitted-- > 0) {
            int lane =
                    LanePolicy.pick(started, waiting.stream().mapToInt(ArrayDeque::size).toArray());
            if (lane < 0) {
                return;
            }
            WorkItem item = waiting.get(lane).remove();
            if (item.gone()) {
                meters.settled(item.kind(), Action.GONE);
                admitted++;
            } else {
                start(lane, item);
            }
        }
    }

    private void start(int lane, WorkItem item) {
        running++;
        runningByLane[lane]++;
        used = LanePolicy.used(lane, started[lane]);
        if (++started[lane] > FORGET_AFTER) {
            for (int i = 0; i < LANES; i++) {
                started[i] /= 2;
            }
            used /= 2;
        }
        Thread.ofVirtual().name("task").start(() -> run(lane, item));
    }

    private void run(int lane, WorkItem item) {
        try {
            runner.run(item);
        } catch (RuntimeException | Error e) {
            meters.settled(item.kind(), Action.UNSETTLED);
            log.error(
                    "a message was not settled; the broker will deliver it again", Wordless.of(e));
        } finally {
            lock.lock();
            try {
                running--;
                runningByLane[lane]--;
                startWaiting();
                if (running == 0) {
                    idle.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
