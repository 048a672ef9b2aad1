package io.llmfleet.producer.deadletter;

import io.llmfleet.producer.deadletter.DeadLetters.Decision;
import io.llmfleet.producer.deadletter.LetterDecisions.By;
import io.llmfleet.producer.task.OverloadedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does a portion of a job: its letters that are due by its rate, and the job's counters and
 * progress, in one transaction under the lock of its row. So it has one replica at a time, its rate
 * holds across all of them, a letter is counted once, and a replica that dies leaves nothing half
 * done.
 */
final class LetterJobWork {

    private static final String NEXT =
            """
            select *, now() as now from dead_letter_job where state = 'running'
            order by paid_until limit 1 for update skip locked
            """;
    private static final String LETTERS =
            """
            select id from dead_letter where job = ? and state = 'open' and (?::uuid is null or id > ?)
            order by id limit ?
            """;
    private static final String PROGRESS =
            """
            update dead_letter_job set done = done + ?, skipped = skipped + ?, failed = failed + ?,
                problem = coalesce(?, problem), paid_until = ?, reached = coalesce(?, reached)
            where id = ?
            """;

    /** What was taken and is neither done nor failed was decided about by somebody else. */
    private static final String END =
            """
            update dead_letter_job set state = 'done', finished_at = now(), skipped = total - done - failed where id = ?
            """;

    private static final String POSTPONE =
            """
            update dead_letter_job set paid_until = now() + interval '5 seconds',
                problem = 'a portion failed, it is tried again' where id = ?
            """;

    private record Running(
            UUID id,
            LetterJob.Kind kind,
            @Nullable String reason,
            Pace pace,
            @Nullable UUID policy,
            @Nullable UUID reached,
            Instant paidUntil,
            Instant now) {}

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final LetterDecisions decisions;

    LetterJobWork(JdbcTemplate jdbc, TransactionTemplate transactions, LetterDecisions decisions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.decisions = decisions;
    }

    /**
     * How long there is nothing to do; empty if no job is to be had.
     *
     * @throws RuntimeException if a portion failed; its job lets the others go first
     */
    Optional<Duration> step() {
        AtomicReference<@Nullable UUID> at = new AtomicReference<>();
        try {
            return Objects.requireNonNull(
                    transactions.execute(
                            tx -> {
                                Optional<Running> job =
                                        jdbc.query(NEXT, LetterJobWork::running).stream()
                                                .findFirst();
                                at.set(job.map(Running::id).orElse(null));
                                return job.map(this::portion);
                            }));
        } catch (RuntimeException e) {
            jdbc.update(POSTPONE, at.get());
            throw e;
        }
    }

    private Duration portion(Running job) {
        Pace.Due due = job.pace().due(job.paidUntil(), job.now());
        if (due.number() == 0) {
            return Duration.between(job.now(), job.paidUntil());
        }
        List<UUID> letters =
                jdbc.queryForList(
                        LETTERS, UUID.class, job.id(), job.reached(), job.reached(), due.number());
        Tally tally = new Tally();
        letters.forEach(letter -> tally.count(decide(job, letter, tally)));
        jdbc.update(
                PROGRESS,
                tally.done,
                tally.skipped,
                tally.failed,
                tally.problem,
                due.paidUntil().atOffset(ZoneOffset.UTC),
                letters.isEmpty() ? null : letters.getLast(),
                job.id());
        if (letters.size() < due.number()) {
            jdbc.update(END, job.id());
        }
        return Duration.ZERO;
    }

    private Decision decide(Running job, UUID letter, Tally tally) {
        By by = new By(job.id(), job.policy());
        try {
            return job.kind() == LetterJob.Kind.DISCARD
                    ? decisions.discard(letter, Objects.requireNonNull(job.reason()), by)
                    : decisions.replay(letter, by);
        } catch (OverloadedException e) {
            tally.problem = e.getMessage();
            return Decision.IMPOSSIBLE;
        }
    }

    /** What became of a portion. */
    private static final class Tally {

        private int done;
        private int skipped;
        private int failed;
        private @Nullable String problem;

        void count(Decision decision) {
            switch (decision) {
                case DONE -> done++;
                case DECIDED_BEFORE, UNKNOWN -> skipped++;
                case IMPOSSIBLE -> {
                    failed++;
                    problem = problem == null ? "the content of its task is gone" : problem;
                }
            }
        }
    }

    private static Running running(ResultSet row, int number) throws SQLException {
        return new Running(
                row.getObject("id", UUID.class),
                LetterJob.Kind.valueOf(row.getString("kind").toUpperCase(java.util.Locale.ROOT)),
                row.getString("reason"),
                new Pace(row.getDouble("per_second")),
                row.getObject("policy", UUID.class),
                row.getObject("reached", UUID.class),
                Objects.requireNonNull(LetterRow.time(row, "paid_until")),
                Objects.requireNonNull(LetterRow.time(row, "now")));
    }
}
