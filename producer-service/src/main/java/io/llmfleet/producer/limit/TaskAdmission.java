package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Limit;
import io.llmfleet.producer.task.Admission;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets a task in while its key's limits have room for it, and gives back what it took with its
 * final state. Tasks of keys without such limits cost nothing here.
 */
final class TaskAdmission implements Admission, TaskOutcomes.Follower {

    private final Limits limits;
    private final JdbcHolds holds;
    private final RefusalCounter refusals;

    TaskAdmission(Limits limits, JdbcHolds holds, RefusalCounter refusals) {
        this.limits = limits;
        this.holds = holds;
        this.refusals = refusals;
    }

    @Override
    public void admit(NewTask task, int bytes) {
        Account account = new Account(task.tenant(), task.key());
        KeyLimits mine = limits.of(account);
        limits.requireBudget(account);
        if (holds(mine)) {
            hold(task, account, mine, bytes);
        }
    }

    private void hold(NewTask task, Account account, KeyLimits mine, int bytes) {
        Long mostQueued = orNull(mine.whole(Limit.QUEUED_TASKS));
        Long mostTokens = orNull(mine.whole(Limit.TOKENS_PER_MINUTE));
        long estimate = TokenEstimate.of(task, bytes);
        // Who asks for more than a minute's tokens gets all of them, and owes the rest.
        long tokens = mostTokens == null ? 0 : Math.min(estimate, mostTokens);
        JdbcHolds.Answer answer = holds.admit(task.id(), account, mostQueued, tokens, mostTokens);
        if ("queue".equals(answer.refused())) {
            long most = mostQueued == null ? 0 : mostQueued;
            throw refusals.count(Refusal.queue(answer.queued(), most, answer.until()));
        }
        if (mostTokens != null) {
            Duration left = answer.until() == null ? Duration.ZERO : answer.until();
            Window window = new Window(mostTokens, answer.used(), left);
            RateWatch.tell(window);
            if (answer.refused() != null) {
                throw refusals.count(Refusal.tokens(window, tokens));
            }
        }
    }

    @Override
    public void withdraw(NewTask task) {
        if (holds(limits.of(new Account(task.tenant(), task.key())))) {
            holds.settle(List.of(new JdbcHolds.Done(task.id(), 0)));
        }
    }

    @Override
    public void follow(List<StoredOutcome> stored) {
        List<JdbcHolds.Done> done =
                stored.stream()
                        .filter(s -> holds(limits.of(new Account(s.tenant(), s.key()))))
                        .map(s -> new JdbcHolds.Done(s.outcome().id(), s.outcome().tokensUsed()))
                        .toList();
        if (!done.isEmpty()) {
            holds.settle(done);
        }
    }

    private static boolean holds(KeyLimits limits) {
        return limits.get(Limit.QUEUED_TASKS) != null
                || limits.get(Limit.TOKENS_PER_MINUTE) != null;
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
