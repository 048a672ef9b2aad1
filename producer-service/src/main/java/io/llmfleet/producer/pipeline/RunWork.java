package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.pipeline.run.CallRecord;
import io.llmfleet.producer.pipeline.run.Next;
import io.llmfleet.producer.pipeline.run.RunPolicy;
import io.llmfleet.producer.pipeline.run.RunRecord;
import io.llmfleet.producer.pipeline.run.StepRecord;
import io.llmfleet.producer.task.BatchTasks;
import io.llmfleet.producer.task.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Goes on with a run.
 *
 * <p>I1: what is next is decided and written with the run's row locked, in one transaction; who
 * dies before its end has done nothing.
 *
 * <p>I2: a task is planned in that transaction and submitted after it; a wake that is written with
 * the plan finds what was not submitted.
 */
final class RunWork {

    /** For who takes over what another producer planned and did not submit. */
    private static final Duration UNSUBMITTED = Duration.ofSeconds(3);

    /** Wakes come with every change; this is for what nobody thought of. */
    private static final Duration LOOK_ANYWAY = Duration.ofMinutes(5);

    private static final int CANCEL_PORTION = 500;

    private final JdbcRunStore store;
    private final JdbcWakes wakes;
    private final CallSubmission submission;
    private final BatchTasks tasks;
    private final Cancellation cancellation;
    private final EffectMeters meters;
    private final TransactionTemplate transactions;

    RunWork(
            JdbcRunStore store,
            JdbcWakes wakes,
            CallSubmission submission,
            BatchTasks tasks,
            Cancellation cancellation,
            EffectMeters meters,
            TransactionTemplate transactions) {
        this.store = store;
        this.wakes = wakes;
        this.submission = submission;
        this.tasks = tasks;
        this.cancellation = cancellation;
        this.meters = meters;
        this.transactions = transactions;
    }

    /** What is to be done after the commit. */
    private record Done(Run run, Next next, List<PlannedCall> submit, List<UUID> cancel) {

        Done(Run run, Next next) {
            this(run, next, List.of(), List.of());
        }
    }

    /** Does nothing if another producer is at it. */
    void goOn(UUID id) {
        Optional<Done> done = Objects.requireNonNull(transactions.execute(tx -> decide(id)));
        if (done.isEmpty()) {
            wakes.forget(id);
            return;
        }
        measure(done.get());
        submission.submit(done.get().submit());
        String tenant = done.get().run().tenant();
        done.get().cancel().forEach(task -> cancellation.cancel(tenant, task));
        if (done.get().next().state().isFinal()) {
            cancelTasks(id);
        }
    }

    private Optional<Done> decide(UUID id) {
        if (!store.tryLock(id)) {
            return Optional.empty();
        }
        wakes.take(id);
        return store.find(id).map(this::decide);
    }

    private Done decide(Run run) {
        Instant now = Instant.now();
        if (run.state().isFinal()) {
            return ended(run, now);
        }
        Next next = RunPolicy.next(Objects.requireNonNull(run.definition()), record(run), now);
        List<PlannedCall> submit = new ArrayList<>(store.save(run, next, now));
        if (next.state().isFinal()) {
            endCalls(run, now, !submit.isEmpty());
            return new Done(run, next);
        }
        List<UUID> cancel = next.stop().stream().filter(t -> !store.drop(t, now)).toList();
        submit.addAll(leftBehind(run, next.stop()));
        Instant look = next.lookAt() == null ? now.plus(LOOK_ANYWAY) : next.lookAt();
        Instant atLatest = now.plus(submit.isEmpty() ? LOOK_ANYWAY : UNSUBMITTED);
        wakes.add(run.id(), look.isBefore(atLatest) ? look : atLatest);
        return new Done(run, next, submit, cancel);
    }

    private Done ended(Run run, Instant now) {
        endCalls(run, now, false);
        return new Done(run, Next.none(run.state()));
    }

    /** Somebody looks again until the last task has ended too. */
    private void endCalls(Run run, Instant now, boolean planned) {
        store.dropPlanned(run.id(), now);
        if (planned || run.calls().stream().anyMatch(c -> c.state() == null)) {
            wakes.add(run.id(), now.plus(UNSUBMITTED));
        }
    }

    private static List<PlannedCall> leftBehind(Run run, List<UUID> unneeded) {
        return run.calls().stream()
                .filter(c -> c.state() == null && c.request() != null)
                .filter(c -> !unneeded.contains(c.task()))
                .map(c -> planned(run, c))
                .toList();
    }

    private static PlannedCall planned(Run run, CallRecord call) {
        return new PlannedCall(run, call.task(), Objects.requireNonNull(call.request()));
    }

    private static RunRecord record(Run run) {
        return new RunRecord(
                run.state(),
                Objects.requireNonNull(run.input()),
                run.deadline(),
                run.steps(),
                run.calls(),
                run.tokens(),
                run.cost());
    }

    private void measure(Done done) {
        String pipeline = done.run().pipeline();
        for (StepRecord step : done.next().changed()) {
            if (step.finishedAt() != null) {
                meters.stepEnded(pipeline, step.state().name());
            }
        }
        if (done.next().state() != done.run().state()) {
            meters.runEnded(pipeline, done.next().state().name());
        }
    }

    /** Ends what is on its way for a run that ended. */
    void cancelTasks(UUID run) {
        List<TaskView> open = tasks.open(run, null, CANCEL_PORTION);
        while (!open.isEmpty()) {
            cancellation.cancelAll(open);
            open = tasks.open(run, open.getLast().id(), CANCEL_PORTION);
        }
    }
}
