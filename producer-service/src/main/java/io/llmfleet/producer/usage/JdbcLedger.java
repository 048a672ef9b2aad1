package io.llmfleet.producer.usage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads the ledger, which is written by the statement that stores the final states that it counts.
 */
final class JdbcLedger implements Ledger {

    /** Of what came over AMQP. */
    private static final UUID NO_KEY = new UUID(0, 0);

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

    JdbcLedger(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
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
                        key == null ? NO_KEY : key)
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
