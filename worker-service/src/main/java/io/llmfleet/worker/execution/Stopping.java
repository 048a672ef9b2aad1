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
            boolean finished = true;
            for (Slots slots : all) {
                finished &= slots.awaitIdle(grace);
            }
            if (!finished) {
                running.stopAll();
                for (Slots slots : all) {
                    boolean unused = slots.awaitIdle(AFTER_INTERRUPT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
