package io.llmfleet.producer.chore;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for work when it is told of some, and after a pause; some pieces of it are done at once,
 * each on a thread of its own. A look that fails is repeated; a piece has to see to that itself.
 */
public final class WorkLoop {

    private static final Logger log = LoggerFactory.getLogger(WorkLoop.class);
    private static final Duration TIDY_EVERY = Duration.ofHours(1);

    /** Claims what is to be done, and begins it. */
    @FunctionalInterface
    public interface Look {
        void look() throws InterruptedException;
    }

    private final String name;
    private final int atOnce;
    private final Duration pause;
    private final Semaphore told = new Semaphore(0);
    private final Semaphore free;
    private volatile boolean running;
    private Instant tidyAt = Instant.EPOCH;
    private Thread thread = Thread.currentThread();

    /**
     * @param name of the threads, and in what is logged
     * @param atOnce how many pieces are done at the same time
     * @param pause the longest time between two looks
     */
    public WorkLoop(String name, int atOnce, Duration pause) {
        this.name = name;
        this.atOnce = atOnce;
        this.pause = pause;
        this.free = new Semaphore(atOnce);
    }

    /**
     * @param tidy is done after a look, once an hour
     */
    public void start(Look look, Runnable tidy) {
        running = true;
        thread = Thread.ofPlatform().name(name).daemon().start(() -> run(look, tidy));
    }

    /** Begins no further piece, and gives those that are under way so much time. */
    public void stop(Duration grace) {
        running = false;
        thread.interrupt();
        try {
            thread.join(grace);
            if (free.tryAcquire(atOnce, grace.toMillis(), TimeUnit.MILLISECONDS)) {
                free.release(atOnce);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public boolean isRunning() {
        return running;
    }

    /** There may be work now. */
    public void tell() {
        told.release();
    }

    /** How many pieces can be begun without waiting. */
    public int room() {
        return free.availablePermits();
    }

    /** Begins a piece as soon as there is room; looks again when it is done. */
    public void begin(Runnable piece) throws InterruptedException {
        // Where there is room, what was claimed is begun even when the loop is being stopped.
        if (!free.tryAcquire()) {
            free.acquire();
        }
        Thread.ofVirtual()
                .name(name + "-piece")
                .start(
                        () -> {
                            try {
                                piece.run();
                            } catch (RuntimeException e) {
                                log.error("{}: a piece of work failed", name, e);
                            } finally {
                                free.release();
                                tell();
                            }
                        });
    }

    private void run(Look look, Runnable tidy) {
        while (running) {
            try {
                boolean unused = told.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                told.drainPermits();
                look.look();
                if (Instant.now().isAfter(tidyAt)) {
                    tidyAt = Instant.now().plus(TIDY_EVERY);
                    tidy.run();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                log.debug("{}: a look failed, trying again: {}", name, e.toString());
            }
        }
    }
}
