package io.llmfleet.producer.limit;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** What unfinished tasks hold of their owners' limits, in PostgreSQL. */
final class JdbcHolds {

    private static final String ADMIT =
            "select refused, queued, used, wait_ms from limit_admit(?, ?, ?, ?, ?, ?, ?)";
    private static final String SETTLE = "select limit_settle(?, ?)";

    /** Older than any commit that may still come. */
    private static final String LEAKED =
            """
            select h.task_id from limit_hold h where h.created_at < now() - interval '2 minutes'
                and not exists (select 1 from task_open o where o.task_id = h.task_id)
            order by h.created_at limit 1000
            """;

    private static final String UNQUEUE = "update limit_hold set queued = false where owner = ?";
    private static final String UNCOUNT = "delete from limit_queue where owner = ?";

    private final JdbcTemplate jdbc;

    /** What came of asking for room: a refusal, or what there is of each limit that was given. */
    record Answer(@Nullable String refused, long queued, long used, @Nullable Duration until) {}

    /** A task that is done, and the tokens that it used. */
    record Done(UUID task, long tokens) {}

    JdbcHolds(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes all that a task needs, or nothing.
     *
     * @param mostQueued null if that is not limited
     * @param mostTokens null if they are not limited
     */
    Answer admit(
            UUID task,
            Account account,
            @Nullable Long mostQueued,
            long tokens,
            @Nullable Long mostTokens) {
        return jdbc.query(
                        ADMIT,
                        (row, n) -> {
                            Long wait = row.getObject("wait_ms", Long.class);
                            return new Answer(
                                    row.getString("refused"),
                                    row.getLong("queued"),
                                    row.getLong("used"),
                                    wait == null ? null : Duration.ofMillis(wait));
                        },
                        task,
                        account.owner(),
                        account.tenant(),
                        account.key(),
                        mostQueued,
                        tokens,
                        mostTokens)
                .getFirst();
    }

    /** Gives back what these hold, if they hold anything. */
    void settle(List<Done> done) {
        jdbc.query(
                connection -> {
                    var statement = connection.prepareStatement(SETTLE);
                    statement.setArray(
                            1,
                            connection.createArrayOf(
                                    "uuid", done.stream().map(Done::task).toArray()));
                    statement.setArray(
                            2,
                            connection.createArrayOf(
                                    "bigint", done.stream().map(Done::tokens).toArray()));
                    return statement;
                },
                (row, n) -> n);
    }

    /** Gives back what was taken for tasks that never came to be, as their producer died. */
    int settleLeaked() {
        List<UUID> leaked = jdbc.queryForList(LEAKED, UUID.class);
        if (!leaked.isEmpty()) {
            settle(leaked.stream().map(task -> new Done(task, 0)).toList());
        }
        return leaked.size();
    }

    /** Whose unfinished tasks are counted. */
    Collection<String> counted() {
        return jdbc.queryForList("select owner from limit_queue", String.class);
    }

    long queued(String owner) {
        return jdbc
                .queryForList("select tasks from limit_queue where owner = ?", Long.class, owner)
                .stream()
                .findFirst()
                .orElse(0L);
    }

    /** Counting begins anew when there is a limit again. */
    void stopCounting(String owner) {
        jdbc.update(UNCOUNT, owner);
        jdbc.update(UNQUEUE, owner);
    }
}
