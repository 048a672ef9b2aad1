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
 *
 * <p>Tasks that are not routed yet count in the pools where others of their type and target went,
 * in parts if there are several, and nowhere if none did.
 */
final class JdbcTraffic implements TrafficSource {

    private static final String READ =
            """
            with seen as (
                select t.type, t.target, coalesce(t.pool, o.pool) as pool, t.priority, t.created_at,
                    coalesce(t.started_at, o.started_at) as started_at, t.finished_at,
                    coalesce(o.attempt, t.attempts) as attempt, o.task_id is not null as open, o.claimed_at
                from task t left join task_open o on o.task_id = t.id
                where t.id >= uuid_floor(now() - 2 * make_interval(secs => ?))
                union all
                select type, target, pool, priority, null, started_at, null, attempt, true, claimed_at
                from task_open where task_id < uuid_floor(now() - 2 * make_interval(secs => ?))),
            parts as (
                select type, target, pool, count(*) / sum(count(*)) over (partition by type, target)::float8 as part
                from seen where pool is not null group by type, target, pool),
            placed as (
                select pool, 1::float8 as part, priority, created_at, started_at, finished_at, attempt, open
                from seen where pool is not null
                union all
                select p.pool, p.part, s.priority, s.created_at, null, null, 0, true
                from seen s join parts p using (type, target)
                where s.pool is null and s.open and s.claimed_at is distinct from 'infinity'),
            timed as (
                select s.*, w.since,
                    s.part * extract(epoch from least(coalesce(s.finished_at, now()), now()) - greatest(s.created_at, w.since)) as here,
                    case when s.started_at >= w.since and s.attempt = 1
                        then extract(epoch from s.started_at - s.created_at) end as wait,
                    case when s.finished_at >= w.since then extract(epoch from s.finished_at - s.created_at) end as stay,
                    case when s.finished_at >= w.since then extract(epoch from s.finished_at - s.started_at) end as service
                from placed s, (select now() - make_interval(secs => ?) as since) w)
            select pool, priority,
                coalesce(sum(part) filter (where created_at >= since), 0) as arrived,
                count(*) filter (where started_at >= since) as started,
                count(*) filter (where finished_at >= since) as ended,
                round(coalesce(sum(part) filter (where open), 0)) as present,
                round(coalesce(sum(part) filter (where open and started_at is null), 0)) as waiting,
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
                row.getDouble("arrived"),
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
