package io.llmfleet.producer.job;

import io.llmfleet.producer.chore.WorkLoop;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Works on jobs that nobody works on, some at once, a step at a time. */
final class JobRunner implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration GRACE = Duration.ofSeconds(6);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final JdbcJobs jobs;
    private final JobLeases leases;
    private final JobWork work;
    private final int keepDays;
    private final WorkLoop loop;

    /**
     * @param atOnce how many jobs this producer works on at once
     * @param keepDays as long as tasks are kept
     */
    JobRunner(JdbcJobs jobs, JobLeases leases, JobWork work, int atOnce, int keepDays) {
        this.jobs = jobs;
        this.leases = leases;
        this.work = work;
        this.keepDays = keepDays;
        this.loop = new WorkLoop("jobs", atOnce, PAUSE);
    }

    @Override
    public void start() {
        jobs.onChange(loop::tell);
        loop.start(this::takeUp, () -> leases.forget(keepDays));
    }

    /** What is being done may come to the end of its step; what does not is taken over. */
    @Override
    public void stop() {
        loop.stop(GRACE);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    private void takeUp() throws InterruptedException {
        int room = loop.room();
        if (room > 0) {
            for (LeasedJob leased : leases.claim(room)) {
                loop.begin(() -> work(leased));
            }
        }
    }

    private void work(LeasedJob leased) {
        try {
            leases.release(leased, step(leased));
        } catch (RuntimeException e) {
            log.debug("a job stays held until its lease is over: {}", e.toString());
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
