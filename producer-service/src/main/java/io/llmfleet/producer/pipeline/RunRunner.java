package io.llmfleet.producer.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Looks at runs that were woken, some at once. */
final class RunRunner implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunRunner.class);
    private static final long LOOK_MILLIS = 250;
    private static final int AT_ONCE = 4;
    private static final int CLAIM = 50;
    private static final Duration GRACE = Duration.ofSeconds(6);
    private static final Duration AFTER_BUG = Duration.ofSeconds(30);
    private static final Duration CLEAN_EVERY = Duration.ofHours(1);

    private final JdbcWakes wakes;
    private final RunWork work;
    private final RunRetention retention;
    private final Semaphore changed = new Semaphore(0);
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Set<UUID> busy = ConcurrentHashMap.newKeySet();
    private final Thread loop = Thread.ofPlatform().name("runs").daemon().unstarted(this::run);
    private Instant cleanAt = Instant.now();
    private volatile boolean running;

    RunRunner(JdbcWakes wakes, RunWork work, RunRetention retention) {
        this.wakes = wakes;
        this.work = work;
        this.retention = retention;
    }

    @Override
    public void start() {
        running = true;
        wakes.onAdded(changed::release);
        loop.start();
    }

    /** What is being done may come to its end; what does not is taken over. */
    @Override
    public void stop() {
        running = false;
        loop.interrupt();
        try {
            loop.join(GRACE);
            boolean unused = free.tryAcquire(AT_ONCE, GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        while (running) {
            try {
                boolean unused = changed.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                changed.drainPermits();
                takeUp();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.debug("runs wait: {}", e.toString());
            }
        }
    }

    private void takeUp() throws InterruptedException {
        for (UUID id : wakes.due(CLAIM)) {
            if (busy.add(id)) {
                free.acquire();
                Thread.ofVirtual().name("run").start(() -> goOn(id));
            }
        }
        if (Instant.now().isAfter(cleanAt)) {
            cleanAt = Instant.now().plus(CLEAN_EVERY);
            retention.clean();
        }
    }

    private void goOn(UUID id) {
        try {
            work.goOn(id);
        } catch (DataAccessException | TransactionException e) {
            log.debug("run {} waits for the store: {}", id, e.toString());
        } catch (RuntimeException e) {
            log.error("run {} could not go on, trying again", id, e);
            wakes.postpone(id, AFTER_BUG);
        } finally {
            busy.remove(id);
            free.release();
            changed.release();
        }
    }
}
