package io.llmfleet.producer.api;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/** Holds up a replica that stops, for a moment, before what stops in later phases. */
final class StopPause implements SmartLifecycle {

    private final int phase;
    private final Duration length;
    private volatile boolean running;
    private volatile boolean stopping;

    StopPause(int phase, Duration length) {
        this.phase = phase;
        this.length = length;
    }

    @Override
    public int getPhase() {
        return phase;
    }

    @Override
    public void start() {
        running = true;
        stopping = false;
    }

    @Override
    public void stop() {
        stopping = true;
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** From the beginning of the pause on. */
    boolean isStopping() {
        return stopping;
    }
}
