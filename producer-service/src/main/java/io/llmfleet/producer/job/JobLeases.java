package io.llmfleet.producer.job;

import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Jobs in PostgreSQL, for the producer that works on them: whoever holds the lease may change the
 * job, as long as it is in the state in which it was taken.
 */
final class JobLeases {

    private static final String CLAIM =
            """
            update batch_job set lease = gen_random_uuid(), lease_until = now() + ? * interval '1 millisecond'
            where id = any(array(
                select id from batch_job
                where state in ('validating', 'in_progress', 'finalizing', 'cancelling')
                    and next_at <= now() and (lease_until is null or lease_until < now())
                order by next_at limit ? for update skip locked))
            returning *
            """;
    private static final String HELD = " where id = ? and lease = ? and state = ?";

    private final JdbcTemplate jdbc;
    private final Duration hold;

    /**
     * @param hold after which another producer takes over from one that died
     */
    JobLeases(JdbcTemplate jdbc, Duration hold) {
        this.jdbc = jdbc;
        this.hold = hold;
    }

    List<LeasedJob> claim(int limit) {
        return jdbc.query(CLAIM, JobRow::leased, hold.toMillis(), limit);
    }

    /**
     * @throws LeaseLostException as every method here does that changes a job
     */
    void extend(LeasedJob job) {
        change(job, "lease_until = now() + ? * interval '1 millisecond'", hold.toMillis());
    }

    /** Gives it up, whatever state it is in. */
    void release(LeasedJob job, Duration pause) {
        jdbc.update(
                """
                update batch_job set lease = null, lease_until = null,
                    next_at = case when state = ? then now() + ? * interval '1 millisecond' else now() end
                where id = ? and lease = ?
                """,
                job.job().state().word(),
                pause.toMillis(),
                job.id(),
                job.lease());
    }

    void begin(LeasedJob job, int total, UUID outputFile, UUID errorFile) {
        change(
                job,
                moveTo(job, JobState.IN_PROGRESS) + ", total = ?, output_file = ?, error_file = ?",
                total,
                outputFile,
                errorFile);
    }

    void fail(LeasedJob job, List<JobError> errors) {
        change(job, moveTo(job, JobState.FAILED) + ", errors = ?", Json.write(errors));
    }

    /** Cancels it for a reason that is not its caller's wish. */
    void giveUp(LeasedJob job, JobError why) {
        change(job, moveTo(job, JobState.CANCELLING) + ", errors = ?", Json.write(List.of(why)));
    }

    /**
     * Lines up to here are submitted.
     *
     * @param refused how many more were refused
     * @param all whether there are no more
     */
    void submitted(LeasedJob job, int nextLine, long nextByte, int refused, boolean all) {
        change(
                job,
                "next_line = ?, next_byte = ?, refused = refused + ?, all_submitted = ?,"
                        + " lease_until = now() + ? * interval '1 millisecond'",
                nextLine,
                nextByte,
                refused,
                all,
                hold.toMillis());
    }

    void counted(LeasedJob job, Job.Counts counts) {
        change(job, "completed = ?, failed = ?", counts.completed(), counts.failed());
    }

    void finalizing(LeasedJob job) {
        change(job, moveTo(job, JobState.FINALIZING));
    }

    void end(LeasedJob job, JobState as, Job.Counts counts) {
        change(
                job,
                moveTo(job, as) + ", completed = ?, failed = ?",
                counts.completed(),
                counts.failed());
    }

    void dropErrorFile(LeasedJob job) {
        jdbc.update("update batch_job set error_file = null where id = ?", job.id());
    }

    /** Jobs are forgotten a day after their tasks. */
    int forget(int taskDays) {
        return jdbc.update(
                "delete from batch_job where created_at < now() - make_interval(days => ?)",
                taskDays + 1);
    }

    private static String moveTo(LeasedJob job, JobState next) {
        if (!job.job().state().canBecome(next)) {
            throw new IllegalStateException(job.job().state() + " never becomes " + next);
        }
        return "state = '" + next.word() + "', " + next.word() + "_at = now()";
    }

    private void change(LeasedJob job, String what, Object... values) {
        Object[] arguments = new Object[values.length + 3];
        System.arraycopy(values, 0, arguments, 0, values.length);
        arguments[values.length] = job.id();
        arguments[values.length + 1] = job.lease();
        arguments[values.length + 2] = job.job().state().word();
        if (jdbc.update("update batch_job set " + what + HELD, arguments) == 0) {
            throw new LeaseLostException();
        }
    }
}
