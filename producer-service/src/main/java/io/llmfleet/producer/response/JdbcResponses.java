package io.llmfleet.producer.response;

import io.llmfleet.producer.task.Tasks;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Responses in PostgreSQL; one without a task is harmless, and forgotten soon. */
final class JdbcResponses implements Responses, Tasks.Keeper {

    /** Together with the partitions of their tasks' content, whose ids begin with the time. */
    private static final String FORGET_OLD =
            """
            delete from response where created_at < now() - ? * interval '1 day'
                and task_id < uuid_floor(((now() at time zone 'UTC')::date - ?)::timestamp at time zone 'UTC')
            """;

    /** An older one was seen before, or goes with the others of its day. */
    private static final String FORGET_ORPHANS =
            """
            delete from response r where created_at between now() - interval '1 day' and now() - interval '1 hour'
                and not exists (select 1 from task t where t.id = r.task_id)
            """;

    private final JdbcTemplate jdbc;

    JdbcResponses(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void keep(KeptResponse response) {
        jdbc.update(
                "insert into response (task_id, tenant, request) values (?, ?, ?)",
                response.task(),
                response.tenant(),
                response.request());
    }

    @Override
    public Optional<KeptResponse> find(String tenant, UUID task) {
        return jdbc
                .query(
                        "select request from response where tenant = ? and task_id = ?",
                        (row, n) -> new KeptResponse(task, tenant, row.getBytes("request")),
                        tenant,
                        task)
                .stream()
                .findFirst();
    }

    @Override
    public void forget(UUID task) {
        jdbc.update("delete from response where task_id = ?", task);
    }

    @Override
    public void erase(UUID task) {
        forget(task);
    }

    int forgetOld(int contentDays) {
        return jdbc.update(FORGET_OLD, contentDays, contentDays);
    }

    int forgetOrphans() {
        return jdbc.update(FORGET_ORPHANS);
    }
}
