package io.llmfleet.producer.deadletter;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A filter as the condition of a query on {@code dead_letter}, with its arguments. */
final class LetterConditions {

    private final StringBuilder sql = new StringBuilder("true");
    private final List<@Nullable Object> arguments = new ArrayList<>();

    /**
     * @param tenant whose letters; null for everybody's
     */
    static LetterConditions of(@Nullable String tenant, LetterFilter filter) {
        LetterConditions all = new LetterConditions();
        if (tenant != null) {
            all.and("tenant = ?", tenant);
        }
        if (filter.state() != null) {
            // As it stands in the condition of the index of open ones.
            all.and("state = '" + filter.state().name().toLowerCase(Locale.ROOT) + "'");
        }
        filter.same().forEach(all::same);
        UUID task = filter.task();
        if (task != null) {
            all.and("(task_id = ? or copy = ?)", task, task);
        }
        if (filter.job() != null) {
            all.and("job = ?", filter.job());
        }
        all.time("last_failed_at >= ?", filter.since());
        all.time("last_failed_at < ?", filter.until());
        return all;
    }

    private void same(GroupBy what, String value) {
        if (value.isEmpty()) {
            sql.append(" and ").append(what.column()).append(" is null");
        } else {
            and(what.column() + " = ?", value);
        }
    }

    private void time(String condition, @Nullable Instant time) {
        if (time != null) {
            and(condition, time.atOffset(ZoneOffset.UTC));
        }
    }

    LetterConditions and(String condition, Object... values) {
        sql.append(" and ").append(condition);
        arguments.addAll(List.of(values));
        return this;
    }

    /** Without the word where. */
    String sql() {
        return sql.toString();
    }

    /** The arguments with others before and behind them. */
    @Nullable Object[] arguments(List<?> before, Object... behind) {
        List<@Nullable Object> all = new ArrayList<>(before);
        all.addAll(arguments);
        all.addAll(List.of(behind));
        return all.toArray();
    }
}
