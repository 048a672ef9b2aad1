package io.llmfleet.producer.task;

import io.llmfleet.model.Priority;
import io.llmfleet.producer.task.OpenTasks.Lane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads by two indexes, so that a look takes as long with a million tasks as with a thousand. */
final class JdbcLaneLooks implements LaneLooks {

    private static final String NOW = "select clock_timestamp()";

    /** Statistics lag behind a backlog that came a moment ago, and then it would be read whole. */
    private static final String TRY_LOCK =
            """
            select pg_try_advisory_xact_lock(hashtext('dispatch_windows'))
            from set_config('enable_seqscan', 'off', true)
            """;

    /** Jumps from lane to lane in the index of what waits. */
    private static final String LOOK =
            """
            with recursive lane(priority, tenant, target) as (
                (select priority, tenant, target from task_open where claimed_at is null
                    order by priority, tenant, target limit 1)
                union all
                select n.priority, n.tenant, n.target from lane cross join lateral (
                    select o.priority, o.tenant, o.target from task_open o
                    where o.claimed_at is null
                        and (o.priority, o.tenant, o.target) > (lane.priority, lane.tenant, lane.target)
                    order by o.priority, o.tenant, o.target limit 1) n),
            waiting as (
                select lane.*, (select count(*) from (
                    select from task_open o
                    where o.claimed_at is null and o.priority = lane.priority and o.tenant = lane.tenant
                        and o.target = lane.target
                    limit ?) counted) as tasks
                from lane),
            sent as (
                select priority, tenant, target, count(*) as tasks, count(*) filter (where state = 3) as running,
                    count(*) filter (where state = 4) as retrying, count(*) filter (where claimed_at <= ?) as stayed
                from task_open where claimed_at < 'infinity' group by priority, tenant, target)
            select priority, tenant, target, coalesce(w.tasks, 0) as waiting,
                coalesce(s.tasks, 0) as in_broker, coalesce(s.running, 0) as running,
                coalesce(s.retrying, 0) as retrying, coalesce(s.stayed, 0) as stayed
            from waiting w full join sent s using (priority, tenant, target)
            """;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    JdbcLaneLooks(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public Look look(Instant before, int limit) {
        OffsetDateTime at = Objects.requireNonNull(jdbc.queryForObject(NOW, OffsetDateTime.class));
        return new Look(
                at.toInstant(),
                jdbc.query(LOOK, JdbcLaneLooks::laneLook, limit, before.atOffset(ZoneOffset.UTC)));
    }

    private static LaneLook laneLook(ResultSet row, int number) throws SQLException {
        return new LaneLook(
                new Lane(
                        row.getString("tenant"),
                        Priority.values()[row.getInt("priority")],
                        row.getString("target")),
                row.getLong("waiting"),
                row.getLong("in_broker"),
                row.getLong("running"),
                row.getLong("retrying"),
                row.getLong("stayed"));
    }

    @Override
    public void whileAlone(Runnable step) {
        transactions.executeWithoutResult(
                status -> {
                    if (Boolean.TRUE.equals(jdbc.queryForObject(TRY_LOCK, Boolean.class))) {
                        step.run();
                    }
                });
    }
}
