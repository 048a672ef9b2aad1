package io.llmfleet.producer.delegation;

import io.llmfleet.producer.chore.Chores;
import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.Delegations;
import io.llmfleet.producer.task.Delegations.Spent;
import io.llmfleet.producer.task.DispatchGate;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.producer.task.TaskView;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.context.SmartLifecycle;

/**
 * Lets a task go on when its last child has ended, and cancels the children of one that has ended
 * itself. What a replica that dies leaves undone another one finds by looking.
 */
final class ChildWatch implements TaskOutcomes.Follower, SmartLifecycle {

    private static final int BATCH = 500;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Delegations delegations;
    private final DispatchGate gate;
    private final Supplier<Cancellation> cancellation;
    private final int keepDays;
    private final Chores chores = new Chores("children", 2);
    private volatile boolean running;

    ChildWatch(
            Delegations delegations,
            DispatchGate gate,
            Supplier<Cancellation> cancellation,
            int keepDays) {
        this.delegations = delegations;
        this.gate = gate;
        this.cancellation = cancellation;
        this.keepDays = keepDays;
    }

    @Override
    public void follow(List<StoredOutcome> stored) {
        List<UUID> callers =
                stored.stream().filter(o -> o.rounds() > 0).map(o -> o.outcome().id()).toList();
        Map<UUID, Spent> spent =
                stored.stream()
                        .filter(o -> o.parent() != null)
                        .collect(
                                Collectors.toMap(
                                        ChildWatch::parent,
                                        o -> Spent.by(o.outcome()),
                                        Spent::plus));
        if (spent.isEmpty() && callers.isEmpty()) {
            return;
        }
        delegations.ended(spent, callers);
        // Not on the thread that stores results, which has others to store.
        AfterCommit.run(
                () -> {
                    chores.soon(() -> resume(spent.keySet()));
                    if (!callers.isEmpty()) {
                        chores.soon(this::cancelOrphans);
                    }
                });
    }

    private static UUID parent(StoredOutcome child) {
        return Objects.requireNonNull(child.parent());
    }

    void resumeAfterCommit(UUID parent) {
        AfterCommit.run(() -> chores.soon(() -> resume(List.of(parent))));
    }

    private void resume(Collection<UUID> parents) {
        delegations.resume(parents).forEach(gate::dispatch);
    }

    private void look() {
        resume(delegations.stalled(BATCH));
    }

    /** Each of them is followed by its own children. */
    private void cancelOrphans() {
        List<TaskView> orphans = delegations.orphans(BATCH);
        if (!orphans.isEmpty()) {
            cancellation.get().cancelAll(orphans);
        }
    }

    @Override
    public void start() {
        running = true;
        chores.every(LOOK, this::look);
        chores.every(LOOK, this::cancelOrphans);
        chores.every(Duration.ofHours(1), () -> delegations.forget(keepDays));
    }

    @Override
    public void stop() {
        running = false;
        chores.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
