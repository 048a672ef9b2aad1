package io.llmfleet.producer.task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What waits, in PostgreSQL; without an index of its own, which every accepted task would pay for.
 */
final class JdbcWaitingTasks implements WaitingTasks {

    /** Not started: accepted, queued or routed. */
    private static final String UNSTARTED =
            "state < 3 and (pool = ? or pool is null and target = ?)";

    private static final String HIGHER =
            "select count(*) from (select from task_open where priority < ? and %s limit ?) h";

    private static final String IDS =
            """
            select tenant, array_agg(task_id order by task_id) as ids from (
                select tenant, task_id, row_number() over (partition by tenant order by task_id) as n
                from task_open where priority = ? and %s) t
            where n <= ? group by tenant
            """;

    /** Before it is routed a task waits with those of its target, wherever they are routed to. */
    private static final String UNROUTED = "state < 3 and target = ?";

    private final JdbcTemplate jdbc;

    JdbcWaitingTasks(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public InLine read(Line line, int limit) {
        String which = line.pool() == null ? UNROUTED : UNSTARTED;
        Object[] parameters =
                line.pool() == null
                        ? new Object[] {line.priority().ordinal(), line.target(), limit}
                        : new Object[] {
                            line.priority().ordinal(), line.pool(), line.target(), limit
                        };
        Long higher = jdbc.queryForObject(HIGHER.formatted(which), Long.class, parameters);
        Map<String, List<UUID>> ids = new HashMap<>();
        jdbc.query(
                IDS.formatted(which),
                row -> {
                    ids.put(
                            row.getString("tenant"),
                            List.of((UUID[]) row.getArray("ids").getArray()));
                },
                parameters);
        return new InLine(higher == null ? 0 : higher, ids);
    }
}
