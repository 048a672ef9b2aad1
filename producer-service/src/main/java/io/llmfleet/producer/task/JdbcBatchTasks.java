package io.llmfleet.producer.task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the tasks of batches. */
final class JdbcBatchTasks implements BatchTasks {

    private static final String OPEN =
            JdbcTaskStore.SELECT_ALL.formatted("null::bytea", "")
                    + " where t.batch = ? and t.id > ? and o.task_id is not null"
                    + " order by t.id limit ?";

    /** The size of a result is known without reading it. */
    private static final String SUCCEEDED =
            "select * from ("
                    + JdbcTaskStore.SELECT_ALL.formatted(
                            """
                            a.place, sum(coalesce(octet_length(r.body), 0)) over (order by a.place)
                                - coalesce(octet_length(r.body), 0) as before, r.body\
                            """,
                            """
                            join unnest(?) with ordinality as a(task, place) on a.task = t.id
                            left join task_output r on r.task_id = t.id and r.task_id between ? and ?
                            """)
                    + " where t.tenant = ? and t.id between ? and ? and t.state = 10) as sized"
                    + " where before < ? order by place";

    private static final String UNSUCCESSFUL =
            JdbcTaskStore.SELECT_ALL.formatted("null::bytea", "")
                    + " where t.id = any(?) and t.tenant = ? and t.id between ? and ? and t.state > 10";

    private static final UUID LEAST = new UUID(0, 0);

    private final JdbcTemplate jdbc;

    JdbcBatchTasks(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<TaskView> open(UUID batch, @Nullable UUID after, int limit) {
        return jdbc.query(OPEN, TaskRow::read, batch, after == null ? LEAST : after, limit);
    }

    @Override
    public List<TaskView> succeeded(String tenant, List<UUID> ids, long bytes) {
        IdRange range = IdRange.of(ids);
        return Rows.query(
                jdbc,
                SUCCEEDED,
                ids,
                rows ->
                        rows.column("uuid", id -> id)
                                .value(range.first())
                                .value(range.last())
                                .value(tenant)
                                .value(range.first())
                                .value(range.last())
                                .value(bytes),
                TaskRow::read);
    }

    @Override
    public List<TaskView> unsuccessful(String tenant, List<UUID> ids) {
        IdRange range = IdRange.of(ids);
        return Rows.query(
                jdbc,
                UNSUCCESSFUL,
                ids,
                rows ->
                        rows.column("uuid", id -> id)
                                .value(tenant)
                                .value(range.first())
                                .value(range.last()),
                TaskRow::read);
    }

    @Override
    public Map<String, UUID> accepted(String tenant, List<String> keys) {
        Map<String, UUID> accepted = new HashMap<>();
        Rows.query(
                jdbc,
                "select key, task_id from task_key where key = any(?) and tenant = ?",
                keys,
                rows -> rows.column("text", key -> key).value(tenant),
                (row, n) ->
                        accepted.put(row.getString("key"), row.getObject("task_id", UUID.class)));
        return accepted;
    }
}
