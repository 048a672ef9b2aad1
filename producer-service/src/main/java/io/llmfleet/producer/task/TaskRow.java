package io.llmfleet.producer.task;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import io.llmfleet.wire.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Reads rows of the task tables. */
final class TaskRow {

    private static final TypeReference<Map<String, String>> STRING_MAP = new TypeReference<>() {};
    private static final TypeReference<List<AttemptFailure>> FAILURES = new TypeReference<>() {};

    private TaskRow() {}

    static TaskView read(ResultSet row, int number) throws SQLException {
        boolean open = row.getBoolean("open");
        return new TaskView(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getString("type"),
                row.getString("target"),
                Priority.values()[row.getInt("priority")],
                TaskState.ofNumber(row.getInt(open ? "open_state" : "state")),
                row.getInt(open ? "open_epoch" : "epoch"),
                row.getInt(open ? "open_attempt" : "attempts"),
                requiredTime(row, "created_at"),
                time(row, open ? "open_sent_at" : "queued_at"),
                time(row, open ? "open_started_at" : "started_at"),
                time(row, "finished_at"),
                requiredTime(row, "deadline"),
                Duration.ofMillis(row.getLong("call_limit_ms")),
                row.getString("conversation"),
                metadata(row.getString("metadata")),
                row.getObject("batch", UUID.class),
                row.getObject("parent", UUID.class),
                row.getString(open ? "open_pool" : "pool"),
                row.getString(open ? "open_model" : "model"),
                row.getString(open ? "open_route_reason" : "route_reason"),
                failure(row),
                failures(row.getString("failures")),
                row.getBytes("output"),
                row.getInt("deltas"));
    }

    static List<AttemptFailure> failures(@Nullable String json) {
        return json == null ? List.of() : Json.MAPPER.readValue(json, FAILURES);
    }

    static @Nullable String failures(List<AttemptFailure> failures) {
        return failures.isEmpty() ? null : Json.write(failures);
    }

    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static Instant requiredTime(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Map<String, String> metadata(@Nullable String json) {
        return json == null ? Map.of() : Json.MAPPER.readValue(json, STRING_MAP);
    }

    private static @Nullable Failure failure(ResultSet row) throws SQLException {
        String code = row.getString("failure_code");
        return code == null
                ? null
                : new Failure(
                        FailureCode.valueOf(code),
                        row.getString("failure_message"),
                        row.getBoolean("failure_retryable"),
                        null,
                        row.getString("failure_exception"),
                        null);
    }
}
