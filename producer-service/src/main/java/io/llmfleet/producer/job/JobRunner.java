package io.llmfleet.producer.job;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Works on jobs that nobody works on, some at once, a step at a time. */
final class JobRunner implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
    private static final long LOOK_MILLIS = 250;
    private static final Duration GRACE = Duration.ofSeconds(6);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    private static final Duration CLEAN_EVERY = Duration.ofHours(1);

    private final JdbcJobs jobs;
    private final JobLeases leases;
    private final JobWork work;
    private final int atOnce;
    private final int keepDays;
    private final Semaphore changed = new Semaphore(0);
    private final Semaphore free;
    private final Thread loop = Thread.ofPlatform().name("jobs").daemon().unstarted(this::run);
    private Instant cleanAt = Instant.now();
    private volatile boolean running;

    /**
     * @param atOnce how many jobs this producer works on at once
     * @param keepDays as long as tasks are kept
     */
    JobRunner(JdbcJobs jobs, JobLeases leases, JobWork work, int atOnce, int keepDays) {
        this.jobs = jobs;
        this.leases = leases;
        this.work = work;
        this.atOnce = atOnce;
        this.free = new Semaphore(atOnce);
        this.keepDays = keepDays;
    }

    @Override
    public void start() {
        running = true;
        jobs.onChange(changed::release);
        loop.start();
    }

    /** What is being done may come to the end of its step; what does not is taken over. */
    @Override
    public void stop() {
        running = false;
        loop.interrupt();
        try {
            loop.join(GRACE);
            boolean unused = free.tryAcquire(atOnce, GRACE.toMillis(), TimeUnit.MILLISECONDS);
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
                log.debug("jobs wait: {}", e.toString());
            }
        }
    }

    private void takeUp() {
        int room = free.availablePermits();
        if (room > 0) {
            for (LeasedJob leased : leases.claim(room)) {
                free.acquireUninterruptibly();
                Thread.ofVirtual().name("job").start(() -> work(leased));
            }
        }
        if (Instant.now().isAfter(cleanAt)) {
            cleanAt = Instant.now().plus(CLEAN_EVERY);
            leases.forget(keepDays);
        }
    }

    private void work(LeasedJob leased) {
        try {
            Duration pause = step(leased);
            leases.release(leased, pause);
            if (pause.isZero()) {
                changed.release();
            }
        } catch (RuntimeException e) {
            log.debug("a job stays held until its lease is over: {}", e.toString());
        } finally {
            free.release();
        }
    }

    private Duration step(LeasedJob leased) {
        try {
            return work.step(leased);
        } catch (LeaseLostException e) {
            log.debug("job {} is another one's, or has changed", leased.id());
            return Duration.ZERO;
        } catch (DataAccessException | TransactionException e) {
            log.warn(
                    "the store did not answer for job {}, trying again: {}",
                    leased.id(),
                    e.toString());
            return AFTER_FAILURE;
        } catch (RuntimeException e) {
            log.error("a step of job {} failed, trying again", leased.id(), e);
            return AFTER_FAILURE;
        }
    }
}
