package io.llmfleet.producer.pipeline;

import io.llmfleet.model.Failure;
import io.llmfleet.producer.pipeline.run.Problem;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.Delegations;
import io.llmfleet.producer.task.Delegations.Spent;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.producer.task.WebhookKind;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.UnreadableMessageException;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Gives a step what its task came to, in the transaction that makes the task final; the first final
 * is the one that counts.
 */
final class JdbcStepFollower implements TaskOutcomes.Follower, Tasks.Keeper {

    private static final String NOTE =
            """
            with ended as (
                update pipeline_call set state = ?, output = ?, problem = ?, tokens = ?, cost = ?, finished_at = ?,
                    request = null
                where task = ? and state is null returning run)
            insert into pipeline_wake (run) select run from ended
            """;

    private static final String LOCK =
            """
            select 1 from pipeline_run where id = (select run from pipeline_call where task = ?) for update
            """;
    private static final String ERASE =
            """
            with erased as (
                update pipeline_call set request = null, output = null where task = ? returning run, step),
            copies as (
                update pipeline_run r set output = null from erased e join pipeline_step s using (run, step)
                where r.id = e.run and r.output = s.output)
            update pipeline_step s set output = null, items = null from erased e where s.run = e.run and s.step = e.step
            """;

    private final JdbcTemplate jdbc;
    private final JdbcWakes wakes;
    private final Delegations delegations;

    JdbcStepFollower(JdbcTemplate jdbc, JdbcWakes wakes, Delegations delegations) {
        this.jdbc = jdbc;
        this.wakes = wakes;
        this.delegations = delegations;
    }

    @Override
    public void follow(List<StoredOutcome> stored) {
        List<Object[]> rows =
                stored.stream()
                        .filter(s -> s.webhookKind() == WebhookKind.STEP)
                        .sorted(Comparator.comparing(s -> s.outcome().id()))
                        .map(this::row)
                        .toList();
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(NOTE, rows);
            AfterCommit.run(wakes::tell);
        }
    }

    private Object[] row(StoredOutcome stored) {
        FinalOutcome outcome = stored.outcome();
        Spent spent = Spent.by(outcome);
        if (stored.rounds() > 0) {
            spent = spent.plus(delegations.spentBelow(outcome.id()));
        }
        Failure failure = outcome.failure();
        Problem problem = failure == null ? null : Problem.of(failure);
        return new Object[] {
            outcome.state().number(),
            output(outcome.result()),
            RunRow.text(problem),
            spent.tokens(),
            spent.cost(),
            RunRow.column(outcome.finishedAt()),
            outcome.id()
        };
    }

    /** What cannot be read was checked before it came here; it must not hold up other results. */
    private static @Nullable String output(byte @Nullable [] result) {
        try {
            return result == null ? null : Json.tree(result).path("output").toString();
        } catch (UnreadableMessageException e) {
            return null;
        }
    }

    /** With the run locked: who is at it would write what it has read. */
    @Override
    public void erase(UUID task) {
        jdbc.queryForList(LOCK, task);
        jdbc.update(ERASE, task);
    }
}
