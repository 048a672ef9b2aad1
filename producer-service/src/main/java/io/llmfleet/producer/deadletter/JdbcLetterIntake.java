package io.llmfleet.producer.deadletter;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Ids;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.metrics.StoreMeters;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Writes letters; those of tasks in the transaction of the final state. */
final class JdbcLetterIntake implements TaskOutcomes.Follower, Tasks.Keeper {

    /** Under this name {@link #keep} looks for the message's own id. */
    static final String MESSAGE_ID = "message-id";

    private static final String OF_TASK =
            """
            insert into dead_letter (id, kind, tenant, task_id, epoch, type, target, code, message, reason,
                exception_type, attempts, failures, source, model, shape, first_failed_at, last_failed_at)
            select ?, 'task', tenant, id, ?, type, target, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from task where id = ?
            on conflict do nothing
            """;
    private static final String OF_MESSAGE =
            """
            insert into dead_letter (id, kind, tenant, code, message, reason, attempts, source, shape, first_failed_at,
                last_failed_at, headers, body)
            values (?, 'message', ?, 'UNREADABLE', ?, ?, 0, ?, ?, now(), now(), ?, ?)
            on conflict do nothing
            """;
    private static final String INPUT =
            """
            select case when octet_length(body) <= ? then body end as body from task_input where task_id = ?
            """;
    private static final String ERASE =
            """
            update dead_letter set message = 'erased', reason = 'erased', shape = null, failures = null
            where kind = 'task' and task_id = ?
            """;
    private static final String OPEN =
            "select code, count(*) as n from dead_letter where state = 'open' group by code";

    private final JdbcTemplate jdbc;
    private final EffectMeters meters;

    JdbcLetterIntake(JdbcTemplate jdbc, EffectMeters meters) {
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @Override
    public void follow(List<StoredOutcome> stored) {
        for (StoredOutcome one : stored) {
            FinalOutcome outcome = one.outcome();
            if (outcome.state() == TaskState.FAILED && outcome.failure() != null) {
                ofTask(outcome, outcome.failure());
            }
        }
    }

    private void ofTask(FinalOutcome o, Failure failure) {
        Instant first = o.failures().isEmpty() ? o.finishedAt() : o.failures().getFirst().at();
        jdbc.update(
                OF_TASK,
                Ids.newId(),
                o.epoch(),
                failure.code().name(),
                failure.message(),
                ReasonPolicy.of(failure.message()),
                failure.exceptionType(),
                o.attempts(),
                o.failures().isEmpty() ? null : Json.write(o.failures()),
                o.pool(),
                model(o),
                shape(o.id()),
                first.atOffset(ZoneOffset.UTC),
                o.finishedAt().atOffset(ZoneOffset.UTC),
                o.id());
        AfterCommit.run(() -> meters.deadLetter(failure.code()));
    }

    private static @Nullable String model(FinalOutcome o) {
        String last = o.failures().isEmpty() ? null : o.failures().getLast().model();
        return last == null ? o.model() : last;
    }

    private @Nullable String shape(UUID task) {
        return jdbc
                .query(INPUT, (row, n) -> shape(row.getBytes(1)), MessageShape.MOST_BYTES, task)
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static String shape(byte @Nullable [] body) {
        return body == null ? MessageShape.LARGE : MessageShape.ofInput(body);
    }

    void keep(
            @Nullable String tenant,
            String source,
            Map<String, Object> headers,
            byte[] body,
            String reason) {
        Map<String, String> readable = new TreeMap<>();
        headers.forEach((name, value) -> readable.put(name, String.valueOf(value)));
        String message = reason.replace("\0", "");
        int rows =
                jdbc.update(
                        OF_MESSAGE,
                        identity(source, headers, body),
                        tenant,
                        message,
                        ReasonPolicy.of(message),
                        source,
                        MessageShape.of(body),
                        Json.write(readable),
                        body);
        if (rows > 0) {
            AfterCommit.run(() -> meters.deadLetter(FailureCode.UNREADABLE));
        }
    }

    /** The same message from the same queue has the same id, however often it is delivered. */
    private static UUID identity(String source, Map<String, Object> headers, byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(source.getBytes(StandardCharsets.UTF_8));
        all.writeBytes(String.valueOf(headers.get(MESSAGE_ID)).getBytes(StandardCharsets.UTF_8));
        all.writeBytes(body);
        return UUID.nameUUIDFromBytes(all.toByteArray());
    }

    @Override
    public void erase(UUID task) {
        jdbc.update(ERASE, task);
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
}
