package io.llmfleet.producer.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Which runs somebody should look at, and when. */
final class JdbcWakes {

    private final JdbcTemplate jdbc;
    private volatile Runnable listener = () -> {};

    JdbcWakes(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Called after a commit that may have brought something to do. */
    void onAdded(Runnable added) {
        listener = added;
    }

    void tell() {
        listener.run();
    }

    List<UUID> due(int limit) {
        return jdbc.queryForList(
                "select run from pipeline_wake where at <= now() group by run order by min(at) limit ?",
                UUID.class,
                limit);
    }

    void add(UUID run) {
        jdbc.update("insert into pipeline_wake (run) values (?)", run);
    }

    void add(UUID run, Instant at) {
        jdbc.update("insert into pipeline_wake (run, at) values (?, ?)", run, RunRow.column(at));
    }

    /**
     * Takes what is known now, before the run is read: what comes later comes with a wake of its
     * own.
     */
    void take(UUID run) {
        jdbc.update("delete from pipeline_wake where run = ?", run);
    }

    void postpone(UUID run, Duration by) {
        jdbc.update(
                "update pipeline_wake set at = now() + ? * interval '1 millisecond' where run = ? and at <= now()",
                by.toMillis(),
                run);
    }

    void forget(UUID run) {
        jdbc.update(
                """
                delete from pipeline_wake w
                where run = ? and not exists (select from pipeline_run r where r.id = w.run)
                """,
                run);
    }
}
