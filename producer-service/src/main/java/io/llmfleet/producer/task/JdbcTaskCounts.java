package io.llmfleet.producer.task;

import io.llmfleet.model.TaskState;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Counts rows of the task tables. */
final class JdbcTaskCounts implements TaskCounts {

    private static final String OF_BATCH =
            """
            select coalesce(o.state, t.state) as state, count(*) as tasks, max(t.created_at) as last
            from task t left join task_open o on o.task_id = t.id
            where t.batch = ? group by 1
            """;

    private final JdbcTemplate jdbc;

    private record Row(TaskState state, long tasks, Instant last) {}

    JdbcTaskCounts(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public OfBatch ofBatch(UUID batch) {
        List<Row> rows =
                jdbc.query(
                        OF_BATCH,
                        (row, n) ->
                                new Row(
                                        TaskState.ofNumber(row.getInt("state")),
                                        row.getLong("tasks"),
                                        TaskRow.requiredTime(row, "last")),
                        batch);
        Map<TaskState, Long> states = new EnumMap<>(TaskState.class);
        rows.forEach(row -> states.put(row.state(), row.tasks()));
        return new OfBatch(
                states, rows.stream().map(Row::last).max(Instant::compareTo).orElse(null));
    }
}
