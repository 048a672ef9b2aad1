package io.llmfleet.producer.task;

import io.llmfleet.producer.metrics.StoreMeters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** The result outbox in PostgreSQL. */
final class JdbcResultOutbox implements ResultOutbox, TaskOutcomes.Follower {

    private static final String FOLLOW =
            """
            insert into result_outbox (task_id) select * from unnest(?)
            on conflict (task_id) do update set claimed_at = null
            """;
    private static final String CLAIM =
            """
            update result_outbox set claimed_at = now() where task_id = any(array(
                select task_id from result_outbox
                where claimed_at is null or claimed_at < now() - interval '30 seconds'
                limit ? for update skip locked))
            returning task_id, claimed_at
            """;
    private static final String SELECT =
            """
            select t.*, false as open, r.body as output
            from task t left join task_output r on r.task_id = t.id and r.task_id between ? and ?
            where t.id = any(?) and t.id between ? and ? and t.state is not null
            """;

    private static final String DELIVERED =
            """
            delete from result_outbox o using unnest(?, ?) as d(id, at)
            where o.task_id = d.id and o.claimed_at = d.at
            """;

    private static final String WAITING =
            """
            select count(*) as messages,
                coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::bigint as oldest
            from result_outbox
            """;

    private final JdbcTemplate jdbc;
    private volatile Runnable listener = () -> {};

    JdbcResultOutbox(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void follow(List<StoredOutcome> stored) {
        List<StoredOutcome> forClients = stored.stream().filter(StoredOutcome::toClient).toList();
        int added =
                Rows.update(
                        jdbc,
                        FOLLOW,
                        forClients,
                        rows -> rows.column("uuid", s -> s.outcome().id()));
        if (added > 0) {
            AfterCommit.run(listener);
        }
    }

    void tell(StoreMeters meters) {
        jdbc.query(
                WAITING,
                row -> {
                    Duration oldest = Duration.ofMillis(row.getLong("oldest"));
                    meters.results(row.getLong("messages"), oldest);
                });
    }

    @Override
    public void onResults(Runnable added) {
        listener = added;
    }

    @Override
    public List<Item> claim(int limit) {
        Map<UUID, Claim> claims =
                jdbc
                        .query(
                                CLAIM,
                                (row, n) ->
                                        new Claim(
                                                row.getObject("task_id", UUID.class),
                                                row.getObject("claimed_at", OffsetDateTime.class)),
                                limit)
                        .stream()
                        .collect(Collectors.toMap(Claim::task, c -> c));
        if (claims.isEmpty()) {
            return List.of();
        }
        List<UUID> ids = List.copyOf(claims.keySet());
        IdRange range = IdRange.of(ids);
        return Rows.query(
                jdbc,
                SELECT,
                ids,
                rows ->
                        rows.value(range.first())
                                .value(range.last())
                                .column("uuid", id -> id)
                                .value(range.first())
                                .value(range.last()),
                (row, n) -> item(row, n, claims));
    }

    private static Item item(ResultSet row, int number, Map<UUID, Claim> claims)
            throws SQLException {
        TaskView task = TaskRow.read(row, number);
        return new Item(
                task,
                new NewTask.ReplyTo(
                        row.getString("reply_user"),
                        row.getString("reply_to"),
                        row.getString("correlation_id")),
                row.getString("trace_parent"),
                Objects.requireNonNull(claims.get(task.id())));
    }

    @Override
    public void delivered(Collection<Claim> claims) {
        Rows.update(
                jdbc,
                DELIVERED,
                List.copyOf(claims),
                rows -> rows.column("uuid", Claim::task).column("timestamptz", Claim::at));
    }
}
