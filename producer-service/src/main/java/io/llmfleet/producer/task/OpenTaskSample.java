package io.llmfleet.producer.task;

import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.metrics.StoreMeters;
import io.llmfleet.producer.metrics.StoreSample;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/** Counts unfinished tasks by one look at the table of open work. */
final class OpenTaskSample implements StoreSample {

    private static final String COUNT =
            """
            select type, coalesce(pool, 'none') as pool, priority, state, count(*) as tasks,
                count(*) filter (where claimed_at is null) as waiting,
                count(*) filter (where claimed_at < 'infinity' and sent_at is null) as unconfirmed,
                coalesce(extract(epoch from now() - min(claimed_at) filter (where sent_at is null and claimed_at < 'infinity')), 0) as oldest
            from task_open group by 1, 2, 3, 4
            """;

    private final JdbcTemplate jdbc;
    private final StoreMeters meters;

    private record Row(
            String type,
            String pool,
            String priority,
            String state,
            long tasks,
            long waiting,
            long unconfirmed,
            double oldestSeconds) {

        static Row read(ResultSet row, int number) throws SQLException {
            return new Row(
                    row.getString("type"),
                    row.getString("pool"),
                    Priority.values()[row.getInt("priority")].wire(),
                    TaskState.ofNumber(row.getInt("state")).name().toLowerCase(Locale.ROOT),
                    row.getLong("tasks"),
                    row.getLong("waiting"),
                    row.getLong("unconfirmed"),
                    row.getDouble("oldest"));
        }
    }

    OpenTaskSample(JdbcTemplate jdbc, StoreMeters meters) {
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @Override
    public void take() {
        Map<List<String>, Long> open = new HashMap<>();
        Map<List<String>, Long> waiting = new HashMap<>();
        long unconfirmed = 0;
        double oldest = 0;
        for (Row row : jdbc.query(COUNT, Row::read)) {
            open.put(List.of(row.type(), row.pool(), row.priority(), row.state()), row.tasks());
            waiting.merge(List.of(row.type(), row.priority()), row.waiting(), Long::sum);
            unconfirmed += row.unconfirmed();
            oldest = Math.max(oldest, row.oldestSeconds());
        }
        meters.open(open);
        meters.waiting(waiting);
        meters.unconfirmed(unconfirmed, Duration.ofMillis((long) (oldest * 1_000)));
    }
}
