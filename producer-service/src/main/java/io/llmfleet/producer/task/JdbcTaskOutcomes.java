package io.llmfleet.producer.task;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.TaskState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores final states: whoever deletes a task's open row has the right to write its outcome. */
final class JdbcTaskOutcomes implements TaskOutcomes {

    private static final String CLOSE =
            """
            with r as (select id, max(epoch) as epoch from unnest(?, ?) as u(id, epoch) group by id),
            mine as (select o.task_id from task_open o join r on r.id = o.task_id
                     where r.epoch >= o.fence order by o.task_id for update of o)
            delete from task_open where task_id = any(array(select task_id from mine)) returning task_id, fence, sent_at
            """;

    /** A result may overtake the note that its task was sent: it was queued before it started. */
    private static final String UPDATE =
            """
            with outputs as (
                insert into task_output (task_id, body)
                select id, body from unnest(?, ?) as o(id, body) where body is not null
                on conflict (task_id) do update set body = excluded.body)
            update task t set state = r.state, epoch = r.epoch, attempts = r.attempts,
                queued_at = to_timestamp(least(r.queued, r.started) / 1000.0), started_at = to_timestamp(r.started / 1000.0),
                finished_at = to_timestamp(r.finished / 1000.0), pool = r.pool, model = r.model,
                route_reason = r.why, failure_code = r.code, failure_message = r.message,
                failure_retryable = r.retryable, failure_exception = r.exception, failures = r.failures,
                deltas = r.deltas
            from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as r(id, state, epoch, attempts, queued, started,
                finished, pool, model, why, code, message, retryable, exception, failures, deltas)
            where t.id = r.id and t.id between ? and ?
            returning t.id, t.tenant, t.type, t.webhook, t.webhook_kind, t.reply_user is not null as to_client
            """;

    private static final String EXPIRED =
            """
            select task_id, epoch, attempt, started_at, pool, model, route_reason, failures from task_open
            where deadline < now() order by deadline limit ?
            """;

    private static final Logger log = LoggerFactory.getLogger(JdbcTaskOutcomes.class);

    private record Closed(UUID id, int fence, @Nullable Instant sentAt) {}

    private record Stored(FinalOutcome outcome, @Nullable Instant sentAt) {}

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final List<Follower> followers;
    private final boolean fencing;
    private final TaskWaiters waiters;

    JdbcTaskOutcomes(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            List<Follower> followers,
            boolean fencing,
            TaskWaiters waiters) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.followers = List.copyOf(followers);
        this.fencing = fencing;
        this.waiters = waiters;
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
        List<FinalOutcome> stored =
                transactions.execute(
                        tx -> {
                            List<Stored> winners =
                                    fencing
                                            ? winners(outcomes, close(outcomes))
                                            : unfenced(outcomes);
                            List<StoredOutcome> written = write(winners);
                            if (!written.isEmpty()) {
                                followers.forEach(f -> f.follow(written));
                            }
                            return winners.stream().map(Stored::outcome).toList();
                        });
        return stored == null ? List.of() : stored;
    }

    @Override
    public List<FinalOutcome> expire(int limit) {
        List<FinalOutcome> due = jdbc.query(EXPIRED, JdbcTaskOutcomes::expired, limit);
        return store(due);
    }

    @Override
    public void signal(List<UUID> ids) {
        waiters.signal(ids);
    }

    private Map<UUID, Closed> close(List<FinalOutcome> outcomes) {
        Map<UUID, Closed> closed = new HashMap<>();
        Rows.query(
                        jdbc,
                        CLOSE,
                        outcomes,
                        rows ->
                                rows.column("uuid", FinalOutcome::id)
                                        .column("int4", FinalOutcome::epoch),
                        (row, n) ->
                                new Closed(
                                        row.getObject("task_id", UUID.class),
                                        row.getInt("fence"),
                                        TaskRow.time(row, "sent_at")))
                .forEach(c -> closed.put(c.id(), c));
        return closed;
    }

    private List<Stored> unfenced(List<FinalOutcome> outcomes) {
        var _ = close(outcomes);
        return outcomes.stream().map(o -> new Stored(o, o.finishedAt())).toList();
    }

    private static List<Stored> winners(List<FinalOutcome> outcomes, Map<UUID, Closed> closed) {
        List<Stored> winners = new ArrayList<>();
        Set<UUID> decided = new HashSet<>();
        for (FinalOutcome outcome : outcomes) {
            Closed row = closed.get(outcome.id());
            if (row != null && outcome.epoch() >= row.fence() && decided.add(outcome.id())) {
                winners.add(new Stored(outcome, row.sentAt()));
            }
        }
        return winners;
    }

    private List<StoredOutcome> write(List<Stored> winners) {
        if (winners.isEmpty()) {
            return List.of();
        }
        Map<UUID, FinalOutcome> byId = new HashMap<>();
        winners.forEach(w -> byId.put(w.outcome().id(), w.outcome()));
        IdRange ids = IdRange.of(winners.stream().map(w -> w.outcome().id()).toList());
        return Rows.query(
                jdbc,
                UPDATE,
                winners,
                rows -> columns(rows).value(ids.first()).value(ids.last()),
                (row, n) -> stored(row, byId));
    }

    private static StoredOutcome stored(ResultSet row, Map<UUID, FinalOutcome> byId)
            throws SQLException {
        return new StoredOutcome(
                Objects.requireNonNull(byId.get(row.getObject("id", UUID.class))),
                row.getString("tenant"),
                row.getString("type"),
                row.getString("webhook"),
                WebhookKind.of(row.getInt("webhook_kind")),
                row.getBoolean("to_client"));
    }

    private static Rows<Stored> columns(Rows<Stored> rows) throws SQLException {
        return rows.column("uuid", s -> s.outcome().id())
                .bytes(s -> s.outcome().result())
                .column("uuid", s -> s.outcome().id())
                .column("int2", s -> s.outcome().state().number())
                .column("int4", s -> s.outcome().epoch())
                .column("int4", s -> s.outcome().attempts())
                .time(Stored::sentAt)
                .time(s -> s.outcome().startedAt())
                .time(s -> s.outcome().finishedAt())
                .column("text", s -> s.outcome().pool())
                .column("text", s -> s.outcome().model())
                .column("text", s -> s.outcome().routeReason())
                .column("text", failure(f -> f.code().name()))
                .column("text", failure(Failure::message))
                .column("bool", failure(Failure::retryable))
                .column("text", failure(Failure::exceptionType))
                .column("text", s -> TaskRow.failures(s.outcome().failures()))
                .column("int4", s -> s.outcome().deltas());
    }

    private static Function<Stored, @Nullable Object> failure(
            Function<Failure, @Nullable Object> of) {
        return s -> {
            Failure failure = s.outcome().failure();
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
