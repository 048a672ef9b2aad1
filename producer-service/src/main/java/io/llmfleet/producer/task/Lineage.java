package io.llmfleet.producer.task;

import io.llmfleet.wire.Delegation;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a task stands in a tree of tasks that delegate.
 *
 * @param parent that delegated it; null for the first of a tree
 * @param root the first of the tree; null if it is the task itself
 * @param depth generations above it
 * @param limits of the tree
 * @param told what its worker is told of what it may delegate; null if it may not
 */
public record Lineage(
        @Nullable UUID parent,
        @Nullable UUID root,
        int depth,
        DelegationLimits limits,
        @Nullable Delegation told) {

    UUID root(UUID self) {
        return root == null ? self : root;
    }
}
