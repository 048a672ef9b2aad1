package io.llmfleet.producer.deadletter;

import io.llmfleet.producer.deadletter.LetterDecisions.By;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Dead letters in PostgreSQL. */
final class JdbcDeadLetters implements DeadLetters {

    private static final int MOST_GROUPS = 500;
    private static final String AFTER =
            "(last_failed_at, id) < (select last_failed_at, id from dead_letter where id = ?)";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final JdbcLetterIntake intake;
    private final LetterDecisions decisions;
    private final LetterCopies copies;

    JdbcDeadLetters(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            JdbcLetterIntake intake,
            LetterDecisions decisions,
            LetterCopies copies) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.intake = intake;
        this.decisions = decisions;
        this.copies = copies;
    }

    @Override
    public List<DeadLetter> list(
            @Nullable String tenant, LetterFilter filter, @Nullable UUID after, int limit) {
        LetterConditions conditions = LetterConditions.of(tenant, filter);
        if (after != null) {
            conditions.and(AFTER, after);
        }
        return jdbc.query(
                LetterRow.SELECT
                        + conditions.sql()
                        + " order by last_failed_at desc, id desc limit ?",
                LetterRow::read,
                conditions.arguments(List.of(), limit));
    }

    @Override
    public List<LetterGroup> groups(@Nullable String tenant, LetterFilter filter, GroupBy by) {
        LetterConditions conditions = LetterConditions.of(tenant, filter);
        String sql =
                "select %s as value, count(*) as letters, min(last_failed_at) as first, max(last_failed_at) as last"
                                .formatted(by.column())
                        + " from dead_letter where "
                        + conditions.sql()
                        + " group by 1 order by 2 desc, 1 limit "
                        + MOST_GROUPS;
        return jdbc.query(
                sql,
                (row, n) ->
                        new LetterGroup(
                                row.getString("value"),
                                row.getLong("letters"),
                                Objects.requireNonNull(LetterRow.time(row, "first")),
                                Objects.requireNonNull(LetterRow.time(row, "last"))),
                conditions.arguments(List.of()));
    }

    @Override
    public Optional<DeadLetter> find(@Nullable String tenant, UUID id) {
        LetterConditions conditions = LetterConditions.of(tenant, LetterFilter.ALL);
        return jdbc
                .query(
                        LetterRow.SELECT + conditions.and("id = ?", id).sql(),
                        LetterRow::read,
                        conditions.arguments(List.of()))
                .stream()
                .findFirst();
    }

    @Override
    public Optional<byte[]> input(@Nullable String tenant, UUID id) {
        return find(tenant, id).flatMap(copies::input);
    }

    @Override
    public Decision replay(@Nullable String tenant, UUID id) {
        return decide(tenant, id, () -> decisions.replay(id, By.A_PERSON));
    }

    @Override
    public Decision discard(@Nullable String tenant, UUID id, String reason) {
        return decide(tenant, id, () -> decisions.discard(id, reason, By.A_PERSON));
    }

    @Override
    public Copied copy(@Nullable String tenant, UUID id, JsonNode changes, String traceParent) {
        return find(tenant, id)
                .map(letter -> copies.copy(letter, changes, traceParent))
                .orElseGet(() -> new Copied.Refused(Decision.UNKNOWN));
    }

    private Decision decide(@Nullable String tenant, UUID id, Supplier<Decision> decision) {
        if (find(tenant, id).isEmpty()) {
            return Decision.UNKNOWN;
        }
        return Objects.requireNonNull(transactions.execute(tx -> decision.get()));
    }

    @Override
    public void keep(
            @Nullable String tenant,
            String source,
            Map<String, Object> headers,
            byte[] body,
            String reason) {
        intake.keep(tenant, source, headers, body, reason);
    }
}
