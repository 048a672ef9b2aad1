package io.llmfleet.producer.pipeline;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.run.CallKey;
import io.llmfleet.producer.pipeline.run.CallRecord;
import io.llmfleet.producer.pipeline.run.Problem;
import io.llmfleet.producer.pipeline.run.RunState;
import io.llmfleet.producer.pipeline.run.StepRecord;
import io.llmfleet.producer.pipeline.run.StepState;
import io.llmfleet.wire.Json;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads and writes the columns of runs. */
final class RunRow {

    private RunRow() {}

    static Run run(ResultSet row, @Nullable Pipeline definition) throws SQLException {
        return new Run(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getObject("api_key", UUID.class),
                row.getString("pipeline"),
                row.getInt("version"),
                definition,
                json(row, "input"),
                RunState.valueOf(row.getString("state")),
                json(row, "output"),
                problem(row),
                row.getString("trace_parent"),
                requiredTime(row, "created_at"),
                requiredTime(row, "deadline"),
                time(row, "finished_at"),
                row.getInt("resumed"),
                List.of(),
                List.of(),
                0,
                BigDecimal.ZERO);
    }

    static StepRecord step(ResultSet row, int number) throws SQLException {
        return new StepRecord(
                row.getString("step"),
                StepState.valueOf(row.getString("state")),
                time(row, "started_at"),
                time(row, "finished_at"),
                json(row, "items"),
                json(row, "output"),
                problem(row));
    }

    static CallRecord call(ResultSet row, int number) throws SQLException {
        int state = row.getInt("state");
        boolean open = row.wasNull();
        return new CallRecord(
                new CallKey(
                        row.getString("step"),
                        row.getInt("item"),
                        row.getInt("iteration"),
                        row.getInt("part"),
                        row.getInt("attempt")),
                row.getObject("task", UUID.class),
                json(row, "request"),
                open ? null : TaskState.ofNumber(state),
                json(row, "output"),
                problem(row),
                row.getLong("tokens"),
                row.getBigDecimal("cost"),
                requiredTime(row, "created_at"),
                time(row, "finished_at"));
    }

    static @Nullable String text(@Nullable Object value) {
        return value == null ? null : Json.write(value);
    }

    static @Nullable OffsetDateTime column(@Nullable Instant time) {
        return time == null ? null : time.atOffset(java.time.ZoneOffset.UTC);
    }

    private static @Nullable JsonNode json(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : Json.MAPPER.readTree(text);
    }

    private static @Nullable Problem problem(ResultSet row) throws SQLException {
        String text = row.getString("problem");
        return text == null ? null : Json.MAPPER.readValue(text, Problem.class);
    }

    private static Instant requiredTime(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(time(row, column));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
