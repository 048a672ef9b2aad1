package io.llmfleet.producer.capacity;

import io.llmfleet.model.Priority;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads the traffic from the tables of tasks. Ids are in the order of acceptance, so a range of
 * them is all that is looked at: tasks of this window and of the one before. What is older and
 * unfinished counts as here; what is older and ended in this window is left out.
 */
final class JdbcTraffic implements TrafficSource {

    private static final String READ =
            """
            with seen as (
                select coalesce(t.pool, o.pool) as pool, t.priority, t.created_at,
                    coalesce(t.started_at, o.started_at) as started_at, t.finished_at,
                    coalesce(o.attempt, t.attempts) as attempt, o.task_id is not null as open
                from task t left join task_open o on o.task_id = t.id
                where t.id >= uuid_floor(now() - 2 * make_interval(secs => ?))
                union all
                select pool, priority, null, started_at, null, attempt, true
                from task_open where task_id < uuid_floor(now() - 2 * make_interval(secs => ?))),
            timed as (
                select s.*, w.since,
                    extract(epoch from least(coalesce(s.finished_at, now()), now()) - greatest(s.created_at, w.since)) as here,
                    case when s.started_at >= w.since and s.attempt = 1
                        then extract(epoch from s.started_at - s.created_at) end as wait,
                    case when s.finished_at >= w.since then extract(epoch from s.finished_at - s.created_at) end as stay,
                    case when s.finished_at >= w.since then extract(epoch from s.finished_at - s.started_at) end as service
                from seen s, (select now() - make_interval(secs => ?) as since) w
                where s.pool is not null)
            select pool, priority,
                count(*) filter (where created_at >= since) as arrived,
                count(*) filter (where started_at >= since) as started,
                count(*) filter (where finished_at >= since) as ended,
                count(*) filter (where open) as present,
                count(*) filter (where open and started_at is null) as waiting,
                coalesce(sum(here) filter (where here > 0), 0) as presence,
                avg(stay) as stay, avg(wait) as wait, percentile_cont(0.02) within group (order by wait) as way,
                avg(service) as service_mean, var_pop(service) as service_variance
            from timed group by grouping sets ((pool), (pool, priority)) order by pool, priority nulls first
            """;

    private final JdbcTemplate jdbc;

    JdbcTraffic(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Traffic> read(Duration window) {
        double seconds = window.toMillis() / 1000.0;
        return jdbc.query(READ, JdbcTraffic::traffic, seconds, seconds, seconds);
    }

    private static Traffic traffic(ResultSet row, int number) throws SQLException {
        int priority = row.getInt("priority");
        boolean all = row.wasNull();
        return new Traffic(
                row.getString("pool"),
                all ? null : Priority.values()[priority],
                row.getLong("arrived"),
                row.getLong("started"),
                row.getLong("ended"),
                row.getLong("present"),
                row.getLong("waiting"),
                row.getDouble("presence"),
                seconds(row, "stay"),
                seconds(row, "wait"),
                seconds(row, "way"),
                seconds(row, "service_mean"),
                seconds(row, "service_variance"));
    }

    private static @Nullable Double seconds(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : value;
    }
}
