package io.llmfleet.producer.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What waits, in PostgreSQL; without an index of its own, which every accepted task would pay for.
 */
final class JdbcWaitingTasks implements WaitingTasks {

    /** Not started: accepted, queued or routed. */
    private static final String UNSTARTED =
            "state < 3 and (pool = ? or pool is null and target = ?)";

    private static final String READ =
            """
            select
                (select count(*) from (
                    select 1 from task_open where priority < ? and %1$s limit ?) as h) as higher,
                array(select task_id from task_open where priority = ? and %1$s order by task_id limit ?) as ids
            """
                    .formatted(UNSTARTED);

    /** Before it is routed a task waits with those of its target, wherever they are routed to. */
    private static final String READ_UNROUTED = READ.replace(UNSTARTED, "state < 3 and target = ?");

    private final JdbcTemplate jdbc;

    JdbcWaitingTasks(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public InLine read(Line line, int limit) {
        int priority = line.priority().ordinal();
        String target = line.target();
        String pool = line.pool();
        InLine read =
                pool == null
                        ? jdbc.queryForObject(
                                READ_UNROUTED,
                                JdbcWaitingTasks::inLine,
                                priority,
                                target,
                                limit,
                                priority,
                                target,
                                limit)
                        : jdbc.queryForObject(
                                READ,
                                JdbcWaitingTasks::inLine,
                                priority,
                                pool,
                                target,
                                limit,
                                priority,
                                pool,
                                target,
                                limit);
        return read == null ? new InLine(0, List.of()) : read;
    }

    private static InLine inLine(ResultSet row, int number) throws SQLException {
        return new InLine(row.getLong("higher"), List.of((UUID[]) row.getArray("ids").getArray()));
    }
}
