package io.llmfleet.producer.job;

import io.llmfleet.wire.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Reads rows of jobs. */
final class JobRow {

    private static final TypeReference<Map<String, String>> METADATA = new TypeReference<>() {};
    private static final TypeReference<List<JobError>> ERRORS = new TypeReference<>() {};

    private JobRow() {}

    static Job read(ResultSet row, int number) throws SQLException {
        return new Job(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getObject("api_key", UUID.class),
                row.getString("endpoint"),
                row.getObject("input_file", UUID.class),
                row.getString("completion_window"),
                metadata(row.getString("metadata")),
                row.getString("webhook"),
                row.getString("trace_parent"),
                JobState.of(row.getString("state")),
                time(row, "created_at"),
                time(row, "expires_at"),
                reached(row),
                new Job.Counts(row.getInt("total"), row.getInt("completed"), row.getInt("failed")),
                errors(row.getString("errors")),
                row.getObject("output_file", UUID.class),
                row.getObject("error_file", UUID.class));
    }

    static LeasedJob leased(ResultSet row, int number) throws SQLException {
        return new LeasedJob(
                read(row, number),
                row.getObject("lease", UUID.class),
                row.getInt("next_line"),
                row.getLong("next_byte"),
                row.getBoolean("all_submitted"),
                row.getInt("refused"));
    }

    private static Map<JobState, Instant> reached(ResultSet row) throws SQLException {
        Map<JobState, Instant> reached = new EnumMap<>(JobState.class);
        for (JobState state : JobState.values()) {
            if (state != JobState.VALIDATING
                    && row.getObject(state.word() + "_at", OffsetDateTime.class) != null) {
                reached.put(state, time(row, state.word() + "_at"));
            }
        }
        return reached;
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Map<String, String> metadata(@Nullable String json) {
        return json == null ? Map.of() : Json.MAPPER.readValue(json, METADATA);
    }

    private static List<JobError> errors(@Nullable String json) {
        return json == null ? List.of() : Json.MAPPER.readValue(json, ERRORS);
    }
}
