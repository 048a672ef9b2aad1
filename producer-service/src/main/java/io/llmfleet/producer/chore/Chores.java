package io.llmfleet.producer.chore;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does steps in the background, once or again and again; one that fails does not end the rest. */
public final class Chores {

    private static final Logger log = LoggerFactory.getLogger(Chores.class);

    private final String name;
    private final ScheduledExecutorService schedule;

    /**
     * @param name of the threads, and in what is logged
     * @param threads how many steps run at the same time
     */
    public Chores(String name, int threads) {
        this.name = name;
        this.schedule =
                Executors.newScheduledThreadPool(
                        threads, Thread.ofPlatform().name(name + "-", 0).daemon().factory());
    }

    /** Does a step after each such pause until {@link #stop}. */
    public void every(Duration pause, Runnable step) {
        var _ =
                schedule.scheduleWithFixedDelay(
                        guarded(step), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does a step soon, on a thread of its own; after {@link #stop} it is left undone. */
    public void soon(Runnable step) {
        try {
            schedule.execute(guarded(step));
        } catch (RejectedExecutionException e) {
            log.debug("{}: a step is left to another replica", name);
        }
    }

    /** Begins no further step; those that are under way go on. */
    public void stop() {
        schedule.shutdown();
    }

    private Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                log.warn("{}: a step failed, trying again: {}", name, e.toString());
            }
        };
    }
}
