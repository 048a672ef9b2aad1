package io.llmfleet.producer.task;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** The result outbox in PostgreSQL. */
final class JdbcResultOutbox implements ResultOutbox, TaskOutcomes.Follower {

    private static final String FOLLOW =
            """
            insert into result_outbox (task_id)
            select id from task where id = any(?) and reply_user is not null
            on conflict (task_id) do update set claimed_at = null
            """;
    private static final String CLAIM =
            """
            with taken as (
                update result_outbox set claimed_at = now() where task_id = any(array(
                    select task_id from result_outbox
                    where claimed_at is null or claimed_at < now() - interval '30 seconds'
                    limit ? for update skip locked))
                returning task_id)
            select t.*, false as open, r.body as output
            from taken join task t on t.id = taken.task_id left join task_output r on r.task_id = taken.task_id
            where t.state is not null
            """;

    private final JdbcTemplate jdbc;

    JdbcResultOutbox(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void follow(List<FinalOutcome> stored) {
        Rows.update(
                jdbc,
                FOLLOW,
                stored.stream().map(FinalOutcome::id).toList(),
                rows -> rows.column("uuid", id -> id));
    }

    @Override
    public List<Item> claim(int limit) {
        return jdbc.query(
                CLAIM,
                (row, n) ->
                        new Item(
                                TaskRow.read(row, n),
                                new NewTask.ReplyTo(
                                        row.getString("reply_user"),
                                        row.getString("reply_to"),
                                        row.getString("correlation_id")),
                                row.getString("trace_parent")),
                limit);
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
