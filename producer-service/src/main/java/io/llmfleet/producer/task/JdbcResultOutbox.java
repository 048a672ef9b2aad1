package io.llmfleet.producer.task;

import io.llmfleet.producer.metrics.StoreMeters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
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
            returning task_id
            """;
    private static final String SELECT =
            """
            select t.*, false as open, r.body as output
            from task t left join task_output r on r.task_id = t.id and r.task_id between ? and ?
            where t.id = any(?) and t.id between ? and ? and t.state is not null
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
        List<UUID> ids = jdbc.query(CLAIM, (row, n) -> row.getObject("task_id", UUID.class), limit);
        if (ids.isEmpty()) {
            return List.of();
        }
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
                JdbcResultOutbox::item);
    }

    private static Item item(ResultSet row, int number) throws SQLException {
        return new Item(
                TaskRow.read(row, number),
                new NewTask.ReplyTo(
                        row.getString("reply_user"),
                        row.getString("reply_to"),
                        row.getString("correlation_id")),
                row.getString("trace_parent"));
    }

    @Override
    public void delivered(Collection<UUID> tasks) {
        Rows.update(
                jdbc,
                "delete from result_outbox where task_id = any(?)",
                List.copyOf(tasks),
                rows -> rows.column("uuid", id -> id));
    }
}
