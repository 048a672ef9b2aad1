package io.llmfleet.producer.task;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Ids;
import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.metrics.TaskMeters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores final states: whoever deletes a task's open row has the right to write its outcome. */
final class JdbcTaskOutcomes implements TaskOutcomes {

    /** One call, so that an end costs one round trip beside its followers', and no planning. */
    private static final String STORE =
            "select * from task_end(%s)".formatted(String.join(", ", Collections.nCopies(26, "?")));

    private static final String EXPIRED =
            """
            select task_id, epoch, attempt, started_at, pool, model, route_reason, failures from task_open
            where deadline < now() order by deadline limit ?
            """;

    /**
     * Each producer adds to rows of its own, so that they do not wait for each other; those of
     * shard 0 are for delegations, which lock in another order.
     */
    private static final int LEDGER_SHARDS = 64;

    private static final Logger log = LoggerFactory.getLogger(JdbcTaskOutcomes.class);

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final List<Follower> followers;
    private final boolean fencing;
    private final TaskWaiters waiters;
    private final int ledgerShard = ThreadLocalRandom.current().nextInt(1, LEDGER_SHARDS);
    private final TaskMeters meters;
    private final EffectMeters effects;

    JdbcTaskOutcomes(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            List<Follower> followers,
            boolean fencing,
            TaskWaiters waiters,
            TaskMeters meters,
            EffectMeters effects) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.followers = List.copyOf(followers);
        this.fencing = fencing;
        this.waiters = waiters;
        this.meters = meters;
        this.effects = effects;
        if (!fencing) {
            log.warn(
                    "fleet.task.fencing is off: LATE RESULTS TAKE EFFECT; it is for testing a checker");
        }
    }

    @Override
    public List<FinalOutcome> store(List<FinalOutcome> outcomes) {
        if (outcomes.isEmpty()) {
            return List.of();
        }
        List<StoredOutcome> stored =
                transactions.execute(
                        tx -> {
                            List<StoredOutcome> written = write(outcomes);
                            if (!written.isEmpty()) {
                                followers.forEach(f -> f.follow(written));
                            }
                            return written;
                        });
        if (stored == null) {
            return List.of();
        }
        stored.forEach(this::measure);
        return stored.stream().map(StoredOutcome::outcome).toList();
    }

    @Override
    public List<FinalOutcome> expire(int limit) {
        List<FinalOutcome> due = jdbc.query(EXPIRED, JdbcTaskOutcomes::expired, limit);
        return store(due);
    }

    @Override
    public void tell(List<FinalOutcome> stored) {
        waiters.tell(stored);
    }

    private void measure(StoredOutcome stored) {
        meters.ended(end(stored));
        for (ModelUsage used : ModelUsage.of(stored.outcome())) {
            effects.used(
                    stored.tenant(),
                    used.model(),
                    used.usage().inputTokens(),
                    used.usage().outputTokens(),
                    used.cost());
        }
    }

    private static TaskMeters.End end(StoredOutcome stored) {
        FinalOutcome outcome = stored.outcome();
        Failure failure = outcome.failure();
        Instant queued = readySince(stored);
        Instant started = outcome.startedAt();
        return new TaskMeters.End(
                stored.type(),
                outcome.pool(),
                stored.priority(),
                outcome.state(),
                failure == null ? null : failure.code(),
                Duration.between(Ids.timeOf(outcome.id()), outcome.finishedAt()),
                queued == null || started == null ? null : waited(queued, started));
    }

    /** A worker's clock may be behind. */
    private static Duration waited(Instant queued, Instant started) {
        return started.isBefore(queued) ? Duration.ZERO : Duration.between(queued, started);
    }

    /** What waited for its turn, its replay or what it delegated, was ready when it was sent. */
    private static @Nullable Instant readySince(StoredOutcome stored) {
        FinalOutcome outcome = stored.outcome();
        boolean always =
                outcome.epoch() == 1 && stored.conversation() == null && stored.rounds() == 0;
        return always ? Ids.timeOf(outcome.id()) : outcome.queuedAt();
    }

    private List<StoredOutcome> write(List<FinalOutcome> outcomes) {
        List<UUID> ids = outcomes.stream().map(FinalOutcome::id).toList();
        IdRange range = IdRange.of(ids);
        return Rows.query(
                jdbc,
                STORE,
                outcomes,
                rows ->
                        columns(rows.value(fencing))
                                .value(range.first())
                                .value(range.last())
                                .value(ledgerShard)
                                .and(Used.by(outcomes), JdbcTaskOutcomes::used),
                (row, number) -> stored(row, outcomes));
    }

    private static StoredOutcome stored(ResultSet row, List<FinalOutcome> outcomes)
            throws SQLException {
        FinalOutcome outcome = outcomes.get(row.getInt("n") - 1);
        return new StoredOutcome(
                outcome.queuedAt(TaskRow.time(row, "queued_at")),
                row.getString("tenant"),
                row.getObject("api_key", UUID.class),
                row.getString("type"),
                Priority.values()[row.getInt("priority")],
                row.getString("webhook"),
                WebhookKind.of(row.getInt("webhook_kind")),
                row.getBoolean("to_client"),
                row.getString("conversation"),
                row.getBoolean("halts"),
                row.getObject("parent", UUID.class),
                row.getInt("rounds"));
    }

    private static Rows<FinalOutcome> columns(Rows<FinalOutcome> rows) throws SQLException {
        return rows.column("uuid", FinalOutcome::id)
                .bytes(FinalOutcome::result)
                .column("int2", o -> o.state().number())
                .column("int4", FinalOutcome::epoch)
                .column("int4", FinalOutcome::attempts)
                .time(FinalOutcome::startedAt)
                .time(FinalOutcome::finishedAt)
                .column("text", FinalOutcome::pool)
                .column("text", FinalOutcome::model)
                .column("text", FinalOutcome::routeReason)
                .column("text", failure(f -> f.code().name()))
                .column("text", failure(Failure::message))
                .column("bool", failure(Failure::retryable))
                .column("text", failure(Failure::exceptionType))
                .column("text", o -> TaskRow.failures(o.failures()))
                .column("int4", FinalOutcome::deltas);
    }

    /** Of which outcome, counted from 1, something was used. */
    private record Used(long number, ModelUsage of) {

        static List<Used> by(List<FinalOutcome> outcomes) {
            List<Used> all = new ArrayList<>();
            for (int i = 0; i < outcomes.size(); i++) {
                long number = i + 1L;
                ModelUsage.of(outcomes.get(i)).forEach(u -> all.add(new Used(number, u)));
            }
            return all;
        }
    }

    private static void used(Rows<Used> rows) throws SQLException {
        rows.column("int8", Used::number)
                .column("text", u -> u.of().model())
                .column("int4", u -> u.of().tasks())
                .column("int8", u -> u.of().usage().inputTokens())
                .column("int8", u -> u.of().usage().outputTokens())
                .column("numeric", u -> u.of().cost());
    }

    private static Function<FinalOutcome, @Nullable Object> failure(
            Function<Failure, @Nullable Object> of) {
        return o -> {
            Failure failure = o.failure();
            return failure == null ? null : of.apply(failure);
        };
    }

    private static FinalOutcome expired(ResultSet row, int number) throws SQLException {
        return new FinalOutcome(
                row.getObject("task_id", UUID.class),
                row.getInt("epoch"),
                TaskState.EXPIRED,
                row.getInt("attempt"),
                TaskRow.time(row, "started_at"),
                Instant.now(),
                row.getString("pool"),
                row.getString("model"),
                row.getString("route_reason"),
                Failure.of(
                        FailureCode.DEADLINE_EXCEEDED,
                        "the deadline passed before there was a result"),
                TaskRow.failures(row.getString("failures")),
                null);
    }
}
