package io.llmfleet.producer.task;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Makes the partitions of the coming days and drops those whose time is over, every hour. */
final class TaskPartitions implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TaskPartitions.class);

    private final JdbcTemplate jdbc;
    private final RetentionProperties retention;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("partitions").factory());

    TaskPartitions(JdbcTemplate jdbc, RetentionProperties retention) {
        this.jdbc = jdbc;
        this.retention = retention;
        var _ = schedule.scheduleWithFixedDelay(this::maintain, 0, 1, TimeUnit.HOURS);
    }

    @Override
    public void close() {
        schedule.shutdownNow();
    }

    private void maintain() {
        try {
            jdbc.update(
                    "call ensure_task_partitions((now() at time zone 'UTC')::date,"
                            + " (now() at time zone 'UTC')::date + 7)");
            drop("task_input", retention.contentDays());
            drop("task_output", retention.contentDays());
            drop("task", retention.taskDays());
            jdbc.update("delete from task_key where created_at < now() - interval '1 day'");
        } catch (DataAccessException e) {
            log.warn("partitions were not maintained, trying again in an hour: {}", e.toString());
        }
    }

    private void drop(String table, int keepDays) {
        jdbc.update("call drop_task_partitions(?, ?)", table, keepDays);
    }
}
