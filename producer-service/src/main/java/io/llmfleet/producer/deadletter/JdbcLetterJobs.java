package io.llmfleet.producer.deadletter;

import io.llmfleet.model.Ids;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.wire.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;

/** Replays and discards of many, in PostgreSQL. */
final class JdbcLetterJobs implements LetterJobs {

    private static final TypeReference<Map<String, String>> WORDS = new TypeReference<>() {};
    private static final String TAKE =
            """
            update dead_letter set job = ? where id = any(array(
                select id from dead_letter where %s order by id for update skip locked))
            """;

    /** If two take the same letters at once, one of them finds them gone when it comes to them. */
    private static final String FREE =
            """
            (job is null or not exists (
                select from dead_letter_job j where j.id = dead_letter.job and j.state = 'running'))
            """;

    private static final String INSERT =
            """
            insert into dead_letter_job (id, kind, tenant, filter, reason, per_second, policy, total, state, finished_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, case when ? = 0 then now() end)
            """;
    private static final String SELECT =
            "select * from dead_letter_job where (?::text is null or tenant = ?)";
    private static final String CANCEL =
            """
            update dead_letter_job set state = 'cancelled', finished_at = now()
            where id = ? and (?::text is null or tenant = ?) and state = 'running'
            """;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private Runnable begun = () -> {};

    JdbcLetterJobs(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /**
     * @param called when there is something to do on this replica
     */
    void onBegin(Runnable called) {
        begun = called;
    }

    @Override
    public LetterJob start(@Nullable String tenant, Order order) {
        UUID id = Ids.newId();
        LetterConditions conditions = LetterConditions.of(tenant, order.filter());
        transactions.executeWithoutResult(
                tx -> insert(id, tenant, order, null, take(id, order.kind(), conditions)));
        AfterCommit.run(begun);
        return find(tenant, id).orElseThrow();
    }

    /**
     * As part of the caller's transaction; nothing begins if there are no such letters.
     *
     * @param more that the letters of the order's filter have to be
     */
    boolean start(LetterPolicy policy, Order order, LetterConditions more) {
        UUID id = Ids.newId();
        int total = take(id, order.kind(), more);
        if (total > 0) {
            insert(id, policy.tenant(), order, policy.id(), total);
        }
        return total > 0;
    }

    private int take(UUID id, LetterJob.Kind kind, LetterConditions conditions) {
        conditions.and("state = 'open'").and(FREE);
        if (kind == LetterJob.Kind.REPLAY) {
            conditions.and("kind = 'task'");
        }
        return jdbc.update(TAKE.formatted(conditions.sql()), conditions.arguments(List.of(id)));
    }

    private void insert(
            UUID id, @Nullable String tenant, Order order, @Nullable UUID policy, int total) {
        jdbc.update(
                INSERT,
                id,
                order.kind().name().toLowerCase(Locale.ROOT),
                tenant,
                Json.write(order.filter().words()),
                order.reason(),
                order.perSecond(),
                policy,
                total,
                total == 0 ? "done" : "running",
                total);
    }

    @Override
    public List<LetterJob> list(@Nullable String tenant, @Nullable UUID after, int limit) {
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(tenant);
        arguments.add(tenant);
        if (after != null) {
            arguments.add(after);
        }
        arguments.add(limit);
        return jdbc.query(
                SELECT + (after == null ? "" : " and id < ?") + " order by id desc limit ?",
                JdbcLetterJobs::read,
                arguments.toArray());
    }

    @Override
    public Optional<LetterJob> find(@Nullable String tenant, UUID id) {
        return jdbc.query(SELECT + " and id = ?", JdbcLetterJobs::read, tenant, tenant, id).stream()
                .findFirst();
    }

    @Override
    public Optional<LetterJob> cancel(@Nullable String tenant, UUID id) {
        jdbc.update(CANCEL, id, tenant, tenant);
        return find(tenant, id);
    }

    int forget(int days) {
        return jdbc.update(
                "delete from dead_letter_job where finished_at < now() - make_interval(days => ?)",
                days);
    }

    private static LetterJob read(ResultSet row, int number) throws SQLException {
        return new LetterJob(
                row.getObject("id", UUID.class),
                LetterJob.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                LetterJob.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("tenant"),
                Json.MAPPER.readValue(row.getString("filter"), WORDS),
                row.getString("reason"),
                row.getDouble("per_second"),
                row.getObject("policy", UUID.class),
                row.getInt("total"),
                row.getInt("done"),
                row.getInt("skipped"),
                row.getInt("failed"),
                row.getString("problem"),
                Objects.requireNonNull(LetterRow.time(row, "created_at")),
                LetterRow.time(row, "finished_at"));
    }
}
