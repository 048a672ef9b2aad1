package io.llmfleet.worker.execution;

import java.time.Duration;
import java.util.List;

/**
 * How a worker stops: nothing new starts, what waits is given back, what runs may finish, what does
 * not is given back.
 */
public final class Stopping {

    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

    private final RunningTasks running;

    public Stopping(RunningTasks running) {
        this.running = running;
    }

    /** Returns when all messages are settled, or a little after the grace time. */
    public void stop(List<Slots> all, Duration grace) {
        try {
            all.forEach(Slots::close);
            all.forEach(Slots::handBackWaiting);
            if (!awaitIdle(all, grace)) {
                running.stopAll();
                boolean unused = awaitIdle(all, AFTER_INTERRUPT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All of them together have this time, and not each. */
    private static boolean awaitIdle(List<Slots> all, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        boolean idle = true;
        for (Slots slots : all) {
            idle &= slots.awaitIdle(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return idle;
    }
}
