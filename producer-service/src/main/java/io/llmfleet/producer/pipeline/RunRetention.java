package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.task.RetentionProperties;
import org.springframework.jdbc.core.JdbcTemplate;

/** Keeps runs as long as tasks: their content first goes, then the rest. */
final class RunRetention {

    private static final String ERASE =
            """
            with old as (
                update pipeline_run set definition = null, input = null, output = null
                where definition is not null and state <> 'RUNNING'
                    and created_at < now() - make_interval(days => ?) returning id),
            steps as (update pipeline_step s set items = null, output = null from old where s.run = old.id)
            update pipeline_call c set request = null, output = null from old where c.run = old.id
            """;

    private static final String FORGET =
            "delete from pipeline_run where created_at < now() - make_interval(days => ?) and state <> 'RUNNING'";

    private final JdbcTemplate jdbc;
    private final RetentionProperties days;

    RunRetention(JdbcTemplate jdbc, RetentionProperties days) {
        this.jdbc = jdbc;
        this.days = days;
    }

    /** A day after the tasks, so that no task is without its run. */
    void clean() {
        jdbc.update(ERASE, days.contentDays());
        jdbc.update(FORGET, days.taskDays() + 1);
    }
}
