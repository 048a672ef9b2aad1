package io.llmfleet.producer.deadletter;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Goes on with replays and discards of many, and looks now and again for those of policies. */
final class LetterRunner implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LetterRunner.class);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration CLEAN_EVERY = Duration.ofHours(1);
    private static final Duration GRACE = Duration.ofSeconds(6);

    private final JdbcLetterJobs jobs;
    private final LetterJobWork work;
    private final JdbcLetterPolicies policies;
    private final BreakerWatch breakers;
    private final int keepDays;
    private final Semaphore begun = new Semaphore(0);
    private final Thread loop = Thread.ofPlatform().name("letters").daemon().unstarted(this::run);
    private Instant lookAt = Instant.EPOCH;
    private Instant cleanAt = Instant.EPOCH;
    private volatile boolean running;

    /**
     * @param keepDays how long a job is remembered
     */
    LetterRunner(
            JdbcLetterJobs jobs,
            LetterJobWork work,
            JdbcLetterPolicies policies,
            BreakerWatch breakers,
            int keepDays) {
        this.jobs = jobs;
        this.work = work;
        this.policies = policies;
        this.breakers = breakers;
        this.keepDays = keepDays;
    }

    @Override
    public void start() {
        running = true;
        jobs.onBegin(begun::release);
        loop.start();
    }

    /** The portion that is being done is done whole, or not at all. */
    @Override
    public void stop() {
        running = false;
        begun.release();
        try {
            loop.join(GRACE);
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
                Duration pause = turn();
                boolean unused = begun.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                begun.drainPermits();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private Duration turn() {
        try {
            look();
            Optional<Duration> pause = work.step();
            return pause.isEmpty() || pause.get().compareTo(IDLE) > 0 ? IDLE : pause.get();
        } catch (DataAccessException | TransactionException e) {
            log.warn("the store did not answer, dead letters wait: {}", e.toString());
        } catch (RuntimeException e) {
            log.error("a portion of dead letters failed, trying again", e);
        }
        return IDLE;
    }

    private void look() {
        Instant now = Instant.now();
        if (!now.isBefore(lookAt)) {
            lookAt = now.plus(LOOK_EVERY);
            breakers.look();
            policies.apply(LOOK_EVERY.dividedBy(2));
        }
        if (!now.isBefore(cleanAt)) {
            cleanAt = now.plus(CLEAN_EVERY);
            int unused = jobs.forget(keepDays);
        }
    }
}
