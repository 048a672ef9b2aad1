package io.llmfleet.producer.deadletter;

import io.llmfleet.producer.deadletter.DeadLetters.Decision;
import io.llmfleet.producer.limit.Account;
import io.llmfleet.producer.limit.Limits;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.Turns;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Decides about one letter in the caller's transaction. The letter's row is locked first, and only
 * an open one is decided about: so of all who try, on whichever replica, one does.
 */
final class LetterDecisions {

    /**
     * Who decides, beside a person about one letter.
     *
     * @param job of which the letter is
     */
    record By(@Nullable UUID job, @Nullable UUID policy) {

        static final By A_PERSON = new By(null, null);
    }

    private static final String LOCK =
            """
            select l.task_id, t.tenant, t.api_key from dead_letter l left join task t on t.id = l.task_id
            where l.id = ? and l.state = 'open' for update of l
            """;
    private static final String DECIDE =
            """
            update dead_letter set state = ?, decided_at = now(), decision_reason = ?, body = null, copy = ?,
                job = coalesce(?, job), policy = ?
            where id = ?
            """;

    private record Locked(@Nullable UUID task, @Nullable Account payer) {}

    private final JdbcTemplate jdbc;
    private final OpenTasks openTasks;
    private final Turns turns;
    private final Limits limits;

    LetterDecisions(JdbcTemplate jdbc, OpenTasks openTasks, Turns turns, Limits limits) {
        this.jdbc = jdbc;
        this.openTasks = openTasks;
        this.turns = turns;
        this.limits = limits;
    }

    /**
     * Running a task again costs as much as another one.
     *
     * @throws io.llmfleet.producer.task.OverloadedException if the budget of the task's key is
     *     spent; then nothing was changed
     */
    Decision replay(UUID letter, By by) {
        List<Locked> open = lock(letter);
        if (open.isEmpty()) {
            return Decision.DECIDED_BEFORE;
        }
        UUID task = open.getFirst().task();
        Account payer = open.getFirst().payer();
        if (task == null || payer == null) {
            return Decision.IMPOSSIBLE;
        }
        limits.requireBudget(payer);
        if (!openTasks.reopen(task)) {
            return Decision.IMPOSSIBLE;
        }
        decide(letter, DeadLetter.State.REPLAYED, null, null, by);
        return Decision.DONE;
    }

    Decision discard(UUID letter, String reason, By by) {
        List<Locked> open = lock(letter);
        if (open.isEmpty()) {
            return Decision.DECIDED_BEFORE;
        }
        decide(letter, DeadLetter.State.DISCARDED, reason, null, by);
        resumeAfter(open.getFirst().task());
        return Decision.DONE;
    }

    /** Whether the letter is open; it stays so until the end of the transaction. */
    boolean hold(UUID letter) {
        return !lock(letter).isEmpty();
    }

    /** Of a letter that is held: an edited copy of its task goes in its place. */
    void copied(UUID letter, UUID task, UUID copy) {
        decide(letter, DeadLetter.State.REPLAYED, null, copy, By.A_PERSON);
        resumeAfter(task);
    }

    private void resumeAfter(@Nullable UUID task) {
        if (task != null) {
            turns.resumeAfter(task);
        }
    }

    private List<Locked> lock(UUID letter) {
        return jdbc.query(
                LOCK,
                (row, n) -> {
                    String tenant = row.getString("tenant");
                    return new Locked(
                            row.getObject("task_id", UUID.class),
                            tenant == null
                                    ? null
                                    : new Account(tenant, row.getObject("api_key", UUID.class)));
                },
                letter);
    }

    private void decide(
            UUID letter,
            DeadLetter.State state,
            @Nullable String reason,
            @Nullable UUID copy,
            By by) {
        jdbc.update(
                DECIDE,
                state.name().toLowerCase(java.util.Locale.ROOT),
                reason,
                copy,
                by.job(),
                by.policy(),
                letter);
    }
}
