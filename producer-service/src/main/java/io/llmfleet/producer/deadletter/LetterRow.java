package io.llmfleet.producer.deadletter;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.wire.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Reads rows of letters. */
final class LetterRow {

    /** Without a condition. */
    static final String SELECT = "select *, octet_length(body) as size from dead_letter where ";

    private static final TypeReference<List<AttemptFailure>> FAILURES = new TypeReference<>() {};

    private LetterRow() {}

    static DeadLetter read(ResultSet row, int number) throws SQLException {
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
                Objects.requireNonNull(time(row, "first_failed_at")),
                Objects.requireNonNull(time(row, "last_failed_at")),
                time(row, "decided_at"),
                row.getString("decision_reason"),
                row.getObject("size", Integer.class),
                row.getString("target"),
                row.getString("model"),
                row.getString("reason"),
                row.getString("shape"),
                row.getObject("copy", UUID.class),
                row.getObject("job", UUID.class),
                row.getObject("policy", UUID.class));
    }

    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
