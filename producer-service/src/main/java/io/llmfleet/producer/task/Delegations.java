package io.llmfleet.producer.task;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Priority;
import io.llmfleet.model.Usage;
import io.llmfleet.wire.Delegation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The facade for those who let tasks delegate to others. A task that has delegated waits in the
 * store until no child of its own is open. Safe to call from any replica at once.
 */
public interface Delegations {

    /**
     * An open task that has just said what it delegates.
     *
     * @param round how often it delegated before
     * @param tree that it belongs to; null if it may not delegate
     */
    record Caller(
            UUID id,
            int round,
            String tenant,
            @Nullable UUID key,
            Priority priority,
            Instant deadline,
            Duration callLimit,
            String traceParent,
            @Nullable Tree tree) {}

    /**
     * @param depth of the caller
     * @param tasks below the root so far
     * @param tokens that were used so far
     */
    record Tree(UUID root, int depth, DelegationLimits limits, int tasks, long tokens) {}

    /**
     * What models were used.
     *
     * @param cost in the currency of the price lists
     */
    record Spent(long tokens, BigDecimal cost) {

        static final Spent NOTHING = new Spent(0, BigDecimal.ZERO);

        /** Of a task's last round, those of its attempts that came to nothing included. */
        public static Spent by(FinalOutcome outcome) {
            return new Spent(outcome.tokensUsed(), outcome.cost());
        }

        public Spent plus(Spent more) {
            return new Spent(tokens + more.tokens, cost.add(more.cost));
        }
    }

    /**
     * One call of a round.
     *
     * @param child that is made of it; null if it is refused
     * @param refusal why there is none
     */
    record Answered(String callId, @Nullable NewTask child, @Nullable String refusal) {}

    /**
     * What is kept of a round.
     *
     * @param continuation JSON, given back in the next one
     * @param failures of the attempts so far
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Round(
            List<Answered> calls,
            byte @Nullable [] continuation,
            List<AttemptFailure> failures,
            @Nullable Usage usage,
            @Nullable String model,
            @Nullable Instant startedAt) {}

    /**
     * What a task is told when it goes on.
     *
     * @param tree as it is now
     * @param continuation JSON, as the last round left it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Resumption(Tree tree, byte @Nullable [] continuation, List<Delegation.Told> results) {}

    /**
     * Locks a task that delegates, for the rest of the caller's transaction.
     *
     * @param epoch of the message in which it says so
     * @return empty if it is final, or this was taken up before
     */
    Optional<Caller> hold(UUID task, int epoch);

    /** Stores a round of a held task: its children are accepted and it waits for them. */
    void delegate(Caller caller, Round round);

    /** Claims those of these tasks that wait for nothing any more, to be dispatched at once. */
    List<OpenTask> resume(Collection<UUID> parents);

    /** Tasks that wait for nothing any more. */
    List<UUID> stalled(int limit);

    /** Unfinished tasks whose parent is final. */
    List<TaskView> orphans(int limit);

    /** By a tree, by its first task; what that one's last round used is its outcome's. */
    Spent spentBelow(UUID root);

    /**
     * What a task that has delegated is told.
     *
     * @param maxResult in bytes, of one output
     */
    Optional<Resumption> resumption(UUID task, int round, long maxResult);

    /**
     * Adds what children used to their trees, and drops what final tasks kept for another round;
     * part of the caller's transaction.
     *
     * @param spent by children, by parent
     * @param callers that are final
     */
    void ended(Map<UUID, Spent> spent, Collection<UUID> callers);

    /** Forgets trees of tasks that are gone. */
    int forget(int days);
}
