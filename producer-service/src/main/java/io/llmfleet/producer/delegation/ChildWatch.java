package io.llmfleet.producer.delegation;

import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.Delegations;
import io.llmfleet.producer.task.DispatchGate;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.UuidOrder;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Lets a task go on when its last child has ended, and cancels the children of one that has ended
 * itself. What a replica that dies leaves undone another one finds by looking.
 */
final class ChildWatch implements TaskOutcomes.Follower, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ChildWatch.class);
    private static final int BATCH = 500;
    private static final long LOOK_MILLIS = 1_000;

    private final Delegations delegations;
    private final DispatchGate gate;
    private final Supplier<Cancellation> cancellation;
    private final int keepDays;
    private final ScheduledExecutorService schedule =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().name("children-", 0).daemon().factory());
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
        List<StoredOutcome> children =
                stored.stream()
                        .filter(o -> o.parent() != null)
                        .sorted(Comparator.comparing(ChildWatch::parent, UuidOrder.UNSIGNED))
                        .toList();
        List<UUID> callers =
                stored.stream().filter(o -> o.rounds() > 0).map(o -> o.outcome().id()).toList();
        if (children.isEmpty() && callers.isEmpty()) {
            return;
        }
        children.forEach(c -> delegations.used(parent(c), c.outcome().tokensUsed()));
        delegations.ended(callers);
        Set<UUID> parents = children.stream().map(ChildWatch::parent).collect(Collectors.toSet());
        AfterCommit.run(
                () -> {
                    later(() -> resume(parents));
                    if (!callers.isEmpty()) {
                        later(this::cancelOrphans);
                    }
                });
    }

    private static UUID parent(StoredOutcome child) {
        return Objects.requireNonNull(child.parent());
    }

    void resumeAfterCommit(UUID parent) {
        AfterCommit.run(() -> later(() -> resume(List.of(parent))));
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

    /** Not on the thread that stores results, which has others to store. */
    private void later(Runnable step) {
        try {
            schedule.execute(guarded(step));
        } catch (RejectedExecutionException e) {
            log.debug("what delegated tasks lead to is left to another replica");
        }
    }

    @Override
    public void start() {
        running = true;
        every(LOOK_MILLIS, this::look);
        every(LOOK_MILLIS, this::cancelOrphans);
        every(TimeUnit.HOURS.toMillis(1), () -> delegations.forget(keepDays));
    }

    @Override
    public void stop() {
        running = false;
        schedule.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void every(long millis, Runnable step) {
        var _ =
                schedule.scheduleWithFixedDelay(
                        guarded(step), millis, millis, TimeUnit.MILLISECONDS);
    }

    private static Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                log.warn("a step for delegated tasks failed, trying again: {}", e.toString());
            }
        };
    }
}
