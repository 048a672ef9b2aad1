package io.llmfleet.producer.usage;

import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The ledger in PostgreSQL, written in the transaction of the final states that it counts. */
final class JdbcLedger implements Ledger, TaskOutcomes.Follower {

    private static final int SHARDS = 64;

    private static final String ADD =
            """
            insert into usage_ledger (tenant, day, api_key, model, shard, tasks, input_tokens, output_tokens, cost)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (tenant, day, api_key, model, shard) do update set
                tasks = usage_ledger.tasks + excluded.tasks,
                input_tokens = usage_ledger.input_tokens + excluded.input_tokens,
                output_tokens = usage_ledger.output_tokens + excluded.output_tokens,
                cost = usage_ledger.cost + excluded.cost
            """;
    private static final String USAGE =
            """
            select case when ? then day end as of_day, case when ? then model end as of_model,
                sum(tasks) as tasks, sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens,
                sum(cost) as cost
            from usage_ledger where tenant = ? and day between ? and ?
            group by of_day, of_model order by of_day, of_model
            """;

    private static final String SPENT =
            """
            select coalesce(sum(input_tokens + output_tokens), 0) as tokens, coalesce(sum(cost), 0) as cost
            from usage_ledger where tenant = ? and day = ? and api_key = ?
            """;

    private final JdbcTemplate jdbc;
    private final EffectMeters meters;
    private final int shard = ThreadLocalRandom.current().nextInt(SHARDS);

    JdbcLedger(JdbcTemplate jdbc, EffectMeters meters) {
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @Override
    public void follow(List<StoredOutcome> stored) {
        List<Spent.Entry> spent = Spent.of(stored);
        List<Object[]> rows =
                spent.stream()
                        .map(
                                e ->
                                        new Object[] {
                                            e.key().tenant(),
                                            e.key().day(),
                                            e.key().key(),
                                            e.key().model(),
                                            shard,
                                            e.sum().tasks(),
                                            e.sum().inputTokens(),
                                            e.sum().outputTokens(),
                                            e.sum().cost()
                                        })
                        .toList();
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(ADD, rows);
            AfterCommit.run(() -> spent.forEach(this::measure));
        }
    }

    private void measure(Spent.Entry entry) {
        Spent.Key key = entry.key();
        Spent.Sum sum = entry.sum();
        meters.used(key.tenant(), key.model(), sum.inputTokens(), sum.outputTokens(), sum.cost());
    }

    @Override
    public List<UsageEntry> usage(
            String tenant, LocalDate from, LocalDate to, boolean byDay, boolean byModel) {
        return jdbc.query(USAGE, JdbcLedger::read, byDay, byModel, tenant, from, to);
    }

    @Override
    public Spending spent(String tenant, @Nullable UUID key, LocalDate day) {
        return jdbc.query(
                        SPENT,
                        (row, n) -> new Spending(row.getLong("tokens"), row.getBigDecimal("cost")),
                        tenant,
                        day,
                        key == null ? Spent.NO_KEY : key)
                .getFirst();
    }

    private static UsageEntry read(ResultSet row, int number) throws SQLException {
        return new UsageEntry(
                row.getObject("of_day", LocalDate.class),
                row.getString("of_model"),
                row.getLong("tasks"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getBigDecimal("cost"));
    }
}
