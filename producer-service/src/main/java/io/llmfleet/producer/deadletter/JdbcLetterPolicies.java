package io.llmfleet.producer.deadletter;

import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Policies in PostgreSQL, and what follows from them. */
final class JdbcLetterPolicies implements LetterPolicies {

    private static final String INSERT =
            """
            insert into dead_letter_policy (id, tenant, code, type, target, trigger, delay_seconds, max_replays, per_second)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String SELECT =
            """
            select p.*, (select coalesce(sum(j.done), 0) from dead_letter_job j where j.policy = p.id) as replayed
            from dead_letter_policy p
            """;
    private static final String SCOPE = " where (?::text is null or tenant = ?)";

    /** Each is looked at by one replica at a time, and not again at once by another. */
    private static final String DUE =
            SELECT
                    + """
                     where (looked_at is null or looked_at < now() - ? * interval '1 millisecond')
                        and not exists (select from dead_letter_job j where j.policy = p.id and j.state = 'running')
                    order by p.id for update of p skip locked
                    """;

    private static final String FAILED_BEFORE = "stored_at <= now() - ? * interval '1 second'";
    private static final String BREAKER_CLOSED =
            """
            exists (
                select from dead_letter_breaker b
                where not b.open and b.closed_at > dead_letter.stored_at
                    and b.closed_at <= now() - ? * interval '1 second'
                    and b.pool = dead_letter.source
                    and (dead_letter.model is null or b.model = dead_letter.model))
            """;

    /** So that a task that fails each time comes to rest. */
    private static final String NOT_TOO_OFTEN =
            """
            (select count(*) from dead_letter before
            where before.kind = 'task' and before.task_id = dead_letter.task_id and before.policy is not null) < ?
            """;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final JdbcLetterJobs jobs;

    JdbcLetterPolicies(JdbcTemplate jdbc, TransactionTemplate transactions, JdbcLetterJobs jobs) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.jobs = jobs;
    }

    @Override
    public LetterPolicy add(@Nullable String tenant, Order order) {
        UUID id = Ids.newId();
        jdbc.update(
                INSERT,
                id,
                tenant,
                order.code().name(),
                order.type(),
                order.target(),
                order.when().name().toLowerCase(Locale.ROOT),
                order.delay().toSeconds(),
                order.maxReplays(),
                order.perSecond());
        return find(tenant, id).orElseThrow();
    }

    @Override
    public List<LetterPolicy> list(@Nullable String tenant) {
        return jdbc.query(
                SELECT + SCOPE + " order by p.id", JdbcLetterPolicies::read, tenant, tenant);
    }

    @Override
    public Optional<LetterPolicy> find(@Nullable String tenant, UUID id) {
        return jdbc
                .query(
                        SELECT + SCOPE + " and p.id = ?",
                        JdbcLetterPolicies::read,
                        tenant,
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public boolean remove(@Nullable String tenant, UUID id) {
        return jdbc.update(
                        "delete from dead_letter_policy" + SCOPE + " and id = ?",
                        tenant,
                        tenant,
                        id)
                > 0;
    }

    /**
     * Begins the replays of those policies that have letters now.
     *
     * @param every so often at most for each, whichever replica it is
     */
    void apply(Duration every) {
        transactions.executeWithoutResult(
                tx -> {
                    for (LetterPolicy policy :
                            jdbc.query(DUE, JdbcLetterPolicies::read, every.toMillis())) {
                        jdbc.update(
                                "update dead_letter_policy set looked_at = now() where id = ?",
                                policy.id());
                        boolean unused = jobs.start(policy, order(policy), due(policy));
                    }
                });
    }

    private static LetterJobs.Order order(LetterPolicy policy) {
        return new LetterJobs.Order(
                LetterJob.Kind.REPLAY, policy.filter(), policy.perSecond(), null);
    }

    private static LetterConditions due(LetterPolicy policy) {
        String condition =
                switch (policy.when()) {
                    case DELAY -> FAILED_BEFORE;
                    case BREAKER_CLOSED -> BREAKER_CLOSED;
                };
        return LetterConditions.of(policy.tenant(), policy.filter())
                .and(condition, policy.delay().toSeconds())
                .and(NOT_TOO_OFTEN, policy.maxReplays());
    }

    private static LetterPolicy read(ResultSet row, int number) throws SQLException {
        return new LetterPolicy(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                FailureCode.valueOf(row.getString("code")),
                row.getString("type"),
                row.getString("target"),
                LetterPolicy.When.valueOf(row.getString("trigger").toUpperCase(Locale.ROOT)),
                Duration.ofSeconds(row.getLong("delay_seconds")),
                row.getInt("max_replays"),
                row.getDouble("per_second"),
                row.getLong("replayed"),
                Objects.requireNonNull(LetterRow.time(row, "created_at")));
    }
}
