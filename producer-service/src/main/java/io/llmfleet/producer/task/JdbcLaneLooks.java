package io.llmfleet.producer.task;

import io.llmfleet.model.Priority;
import io.llmfleet.producer.task.OpenTasks.Lane;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
            with recursive lane(priority, tenant, target, type) as (
                (select priority, tenant, target, type from task_open where claimed_at is null
                    order by priority, tenant, target, type limit 1)
                union all
                select n.* from lane cross join lateral (
                    select o.priority, o.tenant, o.target, o.type from task_open o
                    where o.claimed_at is null and (o.priority, o.tenant, o.target, o.type)
                        > (lane.priority, lane.tenant, lane.target, lane.type)
                    order by o.priority, o.tenant, o.target, o.type limit 1) n),
            waiting as (
                select lane.*, (select count(*) from (
                    select from task_open o
                    where o.claimed_at is null and o.priority = lane.priority and o.tenant = lane.tenant
                        and o.target = lane.target and o.type = lane.type
                    limit ?) counted) as tasks
                from lane),
            sent as (
                select priority, tenant, target, type, count(*) as tasks, count(*) filter (where state = 3 and not lost) as running,
                    coalesce(extract(epoch from avg(clock_timestamp() - case when attempt = 1 then claimed_at
                        else started_at end) filter (where state = 3 and not lost)), 0) as taken_seconds,
                    count(*) filter (where state = 4) as retrying,
                    count(*) filter (where (state < 3 or state = 3 and lost) and claimed_at < clock_timestamp()
                        - case when lost then least else coalesce(p.seconds, least) end * interval '1 s') as untaken,
                    count(*) filter (where claimed_at <= ?) as stayed
                from task_open left join unnest(?, ?) as p(target, seconds) using (target)
                    cross join (select ?::float8 as least, ?::text[] as pools) given
                    cross join lateral (select state in (2, 3) and coalesce(pool <> all(pools), false) as lost) l
                where claimed_at < 'infinity' group by priority, tenant, target, type)
            select priority, tenant, target, type, coalesce(w.tasks, 0) as waiting,
                coalesce(s.tasks, 0) as in_broker, coalesce(s.running, 0) as running,
                coalesce(s.taken_seconds, 0) as taken_seconds, coalesce(s.retrying, 0) as retrying,
                coalesce(s.untaken, 0) as untaken, coalesce(s.stayed, 0) as stayed
            from waiting w full join sent s using (priority, tenant, target, type)
            """;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    JdbcLaneLooks(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public Look look(Instant before, Untaken untaken, int limit) {
        OffsetDateTime at = Objects.requireNonNull(jdbc.queryForObject(NOW, OffsetDateTime.class));
        List<Map.Entry<String, Duration>> targets = List.copyOf(untaken.after().entrySet());
        return new Look(
                at.toInstant(),
                jdbc.query(
                        LOOK,
                        statement -> {
                            Connection connection = statement.getConnection();
                            statement.setInt(1, limit);
                            statement.setObject(2, before.atOffset(ZoneOffset.UTC));
                            statement.setArray(
                                    3,
                                    connection.createArrayOf(
                                            "text",
                                            targets.stream().map(Map.Entry::getKey).toArray()));
                            statement.setArray(
                                    4,
                                    connection.createArrayOf(
                                            "float8",
                                            targets.stream()
                                                    .map(t -> seconds(t.getValue()))
                                                    .toArray()));
                            statement.setDouble(5, seconds(untaken.least()));
                            statement.setArray(6, pools(connection, untaken.pools()));
                        },
                        JdbcLaneLooks::laneLook));
    }

    /** Null where none is known, so that no task is in a pool without one. */
    private static @Nullable Array pools(Connection connection, Set<String> pools)
            throws SQLException {
        return pools.isEmpty() ? null : connection.createArrayOf("text", pools.toArray());
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1_000.0;
    }

    private static LaneLook laneLook(ResultSet row, int number) throws SQLException {
        return new LaneLook(
                new Lane(
                        row.getString("tenant"),
                        Priority.values()[row.getInt("priority")],
                        row.getString("target"),
                        row.getString("type")),
                row.getLong("waiting"),
                row.getLong("in_broker"),
                row.getLong("running"),
                row.getDouble("taken_seconds"),
                row.getLong("retrying"),
                row.getLong("untaken"),
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
