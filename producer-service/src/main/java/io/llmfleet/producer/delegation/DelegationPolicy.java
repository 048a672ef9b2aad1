package io.llmfleet.producer.delegation;

import io.llmfleet.producer.task.DelegationLimits;
import io.llmfleet.producer.task.Delegations.Tree;
import io.llmfleet.wire.Delegation;
import java.util.Optional;

/** Decides what a task may delegate; pure. */
final class DelegationPolicy {

    /** Calls of one round; what is more is refused. */
    static final int MOST_CALLS = 32;

    private final int maxRounds;

    DelegationPolicy(int maxRounds) {
        this.maxRounds = maxRounds;
    }

    /**
     * Why a task cannot delegate at all, whatever it asks for.
     *
     * @param round how often it did before
     */
    Optional<String> failure(int round) {
        return round < maxRounds
                ? Optional.empty()
                : Optional.of(
                        "the task delegated "
                                + round
                                + " times and did not come to an end, accepted: up to "
                                + maxRounds);
    }

    /**
     * Why one more call is not made, in words for the caller.
     *
     * @param place of the call in its round, from 0
     * @param before children that the calls before it in this round got
     */
    Optional<String> refusal(Tree tree, int place, int before) {
        DelegationLimits limits = tree.limits();
        if (tree.depth() >= limits.maxDepth()) {
            return Optional.of(
                    "not delegated: tasks may delegate at most "
                            + limits.maxDepth()
                            + " deep, and this one is that deep");
        }
        if (place >= MOST_CALLS) {
            return Optional.of("not delegated: at most " + MOST_CALLS + " calls at once");
        }
        if (tree.tasks() + before >= limits.maxTasks()) {
            return Optional.of(
                    "not delegated: the budget of "
                            + limits.maxTasks()
                            + " tasks is used up; go on with what there is");
        }
        if (tree.tokens() >= limits.maxTokens()) {
            return Optional.of(
                    "not delegated: the budget of "
                            + limits.maxTokens()
                            + " tokens is used up; go on with what there is");
        }
        return Optional.empty();
    }

    /** Whether a child of a task of this tree may delegate itself. */
    static boolean childDelegates(Tree tree) {
        return tree.depth() + 1 < tree.limits().maxDepth();
    }

    /** What is left of the budgets, without continuation and results. */
    Delegation left(Tree tree, int round) {
        return new Delegation(
                round,
                Math.max(0, maxRounds - round),
                tree.depth() < tree.limits().maxDepth()
                        ? Math.max(0, tree.limits().maxTasks() - tree.tasks())
                        : 0,
                Math.max(0, tree.limits().maxTokens() - tree.tokens()),
                null,
                null);
    }
}
