package io.llmfleet.producer.deadletter;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Ids;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.limit.Account;
import io.llmfleet.producer.limit.Limits;
import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.metrics.StoreMeters;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.producer.task.Turns;
import io.llmfleet.wire.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;

/** Dead letters in PostgreSQL; those of tasks are written in the transaction of the final state. */
final class JdbcDeadLetters implements DeadLetters, TaskOutcomes.Follower, Tasks.Keeper {

    private static final TypeReference<List<AttemptFailure>> FAILURES = new TypeReference<>() {};
    private static final String OF_TASK =
            """
            insert into dead_letter (id, kind, tenant, task_id, epoch, type, code, message, exception_type, attempts,
                failures, source, first_failed_at, last_failed_at)
            select ?, 'task', tenant, id, ?, type, ?, ?, ?, ?, ?, ?, ?, ? from task where id = ?
            on conflict do nothing
            """;
    private static final String OF_MESSAGE =
            """
            insert into dead_letter (id, kind, tenant, code, message, attempts, source, first_failed_at, last_failed_at,
                headers, body)
            values (?, 'message', ?, 'UNREADABLE', ?, 0, ?, now(), now(), ?, ?)
            on conflict do nothing
            """;
    private static final String ERASE =
            "update dead_letter set message = 'erased', failures = null where kind = 'task' and task_id = ?";
    private static final String OPEN =
            "select code, count(*) as n from dead_letter where state = 'open' group by code";
    private static final String SELECT =
            "select *, octet_length(body) as size from dead_letter where (?::text is null or tenant = ?)";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final OpenTasks openTasks;
    private final Turns turns;
    private final Limits limits;
    private final EffectMeters meters;

    JdbcDeadLetters(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            OpenTasks openTasks,
            Turns turns,
            Limits limits,
            EffectMeters meters) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.openTasks = openTasks;
        this.turns = turns;
        this.limits = limits;
        this.meters = meters;
    }

    @Override
    public void follow(List<StoredOutcome> stored) {
        for (StoredOutcome one : stored) {
            FinalOutcome outcome = one.outcome();
            if (outcome.state() == TaskState.FAILED && outcome.failure() != null) {
                ofTask(outcome);
            }
        }
    }

    private void ofTask(FinalOutcome o) {
        var failure = o.failure();
        if (failure == null) {
            return;
        }
        Instant first = o.failures().isEmpty() ? o.finishedAt() : o.failures().getFirst().at();
        jdbc.update(
                OF_TASK,
                Ids.newId(),
                o.epoch(),
                failure.code().name(),
                failure.message(),
                failure.exceptionType(),
                o.attempts(),
                o.failures().isEmpty() ? null : Json.write(o.failures()),
                o.pool(),
                first.atOffset(ZoneOffset.UTC),
                o.finishedAt().atOffset(ZoneOffset.UTC),
                o.id());
        AfterCommit.run(() -> meters.deadLetter(failure.code()));
    }

    @Override
    public void keep(
            @Nullable String tenant,
            String source,
            Map<String, Object> headers,
            byte[] body,
            String reason) {
        Map<String, String> readable = new TreeMap<>();
        headers.forEach((name, value) -> readable.put(name, String.valueOf(value)));
        int rows =
                jdbc.update(
                        OF_MESSAGE,
                        identity(source, headers, body),
                        tenant,
                        reason.replace("\0", ""),
                        source,
                        Json.write(readable),
                        body);
        if (rows > 0) {
            AfterCommit.run(() -> meters.deadLetter(FailureCode.UNREADABLE));
        }
    }

    void tell(StoreMeters store) {
        Map<List<String>, Long> open = new HashMap<>();
        jdbc.query(
                OPEN,
                row -> {
                    open.put(List.of(row.getString("code")), row.getLong("n"));
                });
        store.deadLetters(open);
    }

    /** The same message from the same queue has the same id, however often it is delivered. */
    private static UUID identity(String source, Map<String, Object> headers, byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(source.getBytes(StandardCharsets.UTF_8));
        all.writeBytes(String.valueOf(headers.get(MESSAGE_ID)).getBytes(StandardCharsets.UTF_8));
        all.writeBytes(body);
        return UUID.nameUUIDFromBytes(all.toByteArray());
    }

    /** Under this name {@link #keep} looks for the message's own id. */
    static final String MESSAGE_ID = "message-id";

    @Override
    public void erase(UUID task) {
        jdbc.update(ERASE, task);
    }

    @Override
    public List<DeadLetter> list(
            @Nullable String tenant,
            DeadLetter.@Nullable State state,
            @Nullable UUID after,
            int limit) {
        StringBuilder sql = new StringBuilder(SELECT);
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(tenant);
        arguments.add(tenant);
        if (state != null) {
            sql.append(" and state = ?");
            arguments.add(state.name().toLowerCase(Locale.ROOT));
        }
        if (after != null) {
            sql.append(
                    " and (last_failed_at, id) < (select last_failed_at, id from dead_letter where id = ?)");
            arguments.add(after);
        }
        sql.append(" order by last_failed_at desc, id desc limit ?");
        arguments.add(limit);
        return jdbc.query(sql.toString(), JdbcDeadLetters::read, arguments.toArray());
    }

    @Override
    public Optional<DeadLetter> find(@Nullable String tenant, UUID id) {
        return jdbc
                .query(SELECT + " and id = ?", JdbcDeadLetters::read, tenant, tenant, id)
                .stream()
                .findFirst();
    }

    @Override
    public Decision replay(@Nullable String tenant, UUID id) {
        Optional<DeadLetter> letter = find(tenant, id);
        if (letter.isEmpty()) {
            return Decision.UNKNOWN;
        }
        UUID task = letter.get().taskId();
        if (letter.get().state() != DeadLetter.State.OPEN) {
            return Decision.DECIDED_BEFORE;
        }
        if (task == null) {
            return Decision.IMPOSSIBLE;
        }
        payer(task).ifPresent(limits::requireBudget);
        Decision decision =
                transactions.execute(
                        tx -> {
                            if (!decide(id, "replayed", null)) {
                                return Decision.DECIDED_BEFORE;
                            }
                            if (!openTasks.reopen(task)) {
                                tx.setRollbackOnly();
                                return Decision.IMPOSSIBLE;
                            }
                            return Decision.DONE;
                        });
        return decision == null ? Decision.UNKNOWN : decision;
    }

    /** Running a task again costs as much as another one. */
    private Optional<Account> payer(UUID task) {
        return jdbc
                .query(
                        "select tenant, api_key from task where id = ?",
                        (row, n) ->
                                new Account(
                                        row.getString("tenant"),
                                        row.getObject("api_key", UUID.class)),
                        task)
                .stream()
                .findFirst();
    }

    @Override
    public Decision discard(@Nullable String tenant, UUID id, String reason) {
        Optional<DeadLetter> letter = find(tenant, id);
        if (letter.isEmpty()) {
            return Decision.UNKNOWN;
        }
        if (!decide(id, "discarded", reason)) {
            return Decision.DECIDED_BEFORE;
        }
        UUID task = letter.get().taskId();
        if (task != null) {
            turns.resumeAfter(task);
        }
        return Decision.DONE;
    }

    /** Only one decision ever finds the letter open. */
    private boolean decide(UUID id, String state, @Nullable String reason) {
        return jdbc.update(
                        "update dead_letter set state = ?, decided_at = now(), decision_reason = ?, body = null"
                                + " where id = ? and state = 'open'",
                        state,
                        reason,
                        id)
                == 1;
    }

    private static DeadLetter read(ResultSet row, int number) throws SQLException {
        String failures = row.getString("failures");
        return new DeadLetter(
                row.getObject("id", UUID.class),
                DeadLetter.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                DeadLetter.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("tenant"),
                row.getObject("task_id", UUID.class),
                row.getString("type"),
                FailureCode.valueOf(row.getString("code")),
                row.getString("message"),
                row.getString("exception_type"),
                row.getInt("attempts"),
                failures == null ? List.of() : Json.MAPPER.readValue(failures, FAILURES),
                row.getString("source"),
                row.getObject("first_failed_at", OffsetDateTime.class).toInstant(),
                row.getObject("last_failed_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("decided_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant)
                        .orElse(null),
                row.getString("decision_reason"),
                row.getObject("size", Integer.class));
    }
}
