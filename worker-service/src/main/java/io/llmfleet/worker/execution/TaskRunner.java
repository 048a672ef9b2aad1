package io.llmfleet.worker.execution;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Names;
import io.llmfleet.tracing.Attributes;
import io.llmfleet.tracing.LoggedTask;
import io.llmfleet.tracing.Spans;
import io.llmfleet.tracing.TaskSpan;
import io.llmfleet.tracing.Wordless;
import io.llmfleet.type.TaskType;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Delegated;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.TaskBody;
import io.llmfleet.wire.UnreadableMessageException;
import io.llmfleet.worker.backend.Backend.Answer;
import io.llmfleet.worker.backend.Backend.Call;
import io.llmfleet.worker.backend.Backends;
import io.llmfleet.worker.backend.DeltaSink;
import io.llmfleet.worker.execution.RunningTasks.StopReason;
import io.llmfleet.worker.metrics.WorkMeters;
import io.llmfleet.worker.recovery.RecoveryAction;
import io.llmfleet.worker.recovery.RecoveryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on one message: checks it, calls a backend, and lets the outcome be settled. */
public final class TaskRunner {

    private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);

    private final TaskTypes types;
    private final Backends backends;
    private final RecoveryPolicy recovery;
    private final RunningTasks running;
    private final Settlement settlement;
    private final DeltaGrouping deltas;
    private final WorkEvents events;
    private final WorkMeters meters;
    private final Spans spans;
    private final Clock clock;

    public TaskRunner(
            TaskTypes types,
            Backends backends,
            RecoveryPolicy recovery,
            RunningTasks running,
            Settlement settlement,
            DeltaGrouping deltas,
            WorkEvents events,
            WorkMeters meters,
            Spans spans,
            Clock clock) {
        this.types = types;
        this.backends = backends;
        this.recovery = recovery;
        this.running = running;
        this.settlement = settlement;
        this.deltas = deltas;
        this.events = events;
        this.meters = meters;
        this.spans = spans;
        this.clock = clock;
    }

    /** A call that was made. */
    private record Work(
            WorkItem item,
            Envelope task,
            TaskType type,
            Instant start,
            GroupedDeltas pieces,
            Optional<ChatDelegation> delegation) {}

    void run(WorkItem item) {
        Envelope task;
        try {
            task = Envelope.fromHeaders(item.headers());
        } catch (UnreadableMessageException e) {
            settlement.postponeOrBury(item, e);
            return;
        }
        try (var _ = LoggedTask.about(task)) {
            run(item, task);
        }
    }

    private void run(WorkItem item, Envelope task) {
        if (mayHaveRun(item)) {
            settlement.ask(item, task);
        } else if (running.isCancelled(task)) {
            settlement.drop(item);
        } else if (!task.deadline().isAfter(clock.instant())) {
            settlement.fail(
                    item,
                    task,
                    Failure.of(FailureCode.DEADLINE_EXCEEDED, "the deadline passed in the queue"));
        } else {
            attempt(item, task);
        }
    }

    private static boolean mayHaveRun(WorkItem item) {
        return item.redelivered() || item.repeated();
    }

    /** Gives a message back that was not started. */
    void handBack(WorkItem item) {
        try {
            Envelope task = Envelope.fromHeaders(item.headers());
            try (var _ = LoggedTask.about(task)) {
                if (mayHaveRun(item)) {
                    settlement.ask(item, task);
                } else {
                    settlement.handBack(item, task);
                }
            }
        } catch (UnreadableMessageException e) {
            settlement.postponeOrBury(item, e);
        }
    }

    /** What follows from an attempt, a retry among it, is its child in the trace. */
    private void attempt(WorkItem item, Envelope task) {
        String pool = task.pool() == null ? Names.ANY : task.pool();
        TaskSpan span = spans.process(Queues.work(pool, task.priority()), task);
        long start = System.nanoTime();
        try {
            work(item, task.traced(span.traceParent()), span);
        } finally {
            meters.processed(item.kind(), System.nanoTime() - start);
            span.end();
        }
    }

    private void work(WorkItem item, Envelope task, TaskSpan span) {
        Optional<TaskType> type = types.find(task.type());
        if (type.isEmpty()) {
            String message =
                    "this worker has no type '" + task.type() + "', it has: " + types.names();
            settlement.fail(item, task, Failure.of(FailureCode.UNSUPPORTED, message));
            return;
        }
        TaskBody body;
        try {
            body = Json.read(item.body(), TaskBody.class);
        } catch (UnreadableMessageException e) {
            String message = String.valueOf(e.getMessage());
            settlement.fail(item, task, Failure.of(FailureCode.INVALID_INPUT, message));
            return;
        }
        if (body.input() == null) {
            settlement.fail(
                    item, task, Failure.of(FailureCode.INVALID_INPUT, "the body has no input"));
            return;
        }
        call(item, task, type.get(), body, span);
    }

    private void call(WorkItem item, Envelope task, TaskType type, TaskBody body, TaskSpan span) {
        Instant start = clock.instant();
        Duration toDeadline = Duration.between(start, task.deadline());
        Duration limit = toDeadline.compareTo(task.callLimit()) < 0 ? toDeadline : task.callLimit();
        try (RunningTasks.Run run = running.start(task, limit)) {
            events.running(task, start);
            GroupedDeltas pieces = deltas.open(task, type, body);
            Optional<ChatDelegation> delegation = ChatDelegation.of(type, body, types.names());
            // What may turn out to be no answer is not passed on piece by piece.
            Backends.Outcome outcome =
                    delegation.isPresent()
                            ? callBackend(
                                    task,
                                    type,
                                    new TaskBody(delegation.get().input(), body.parameters()),
                                    limit,
                                    run,
                                    DeltaSink.NONE)
                            : callBackend(task, type, body, limit, run, pieces);
            Optional<StopReason> stopped = run.callEnded();
            if (outcome.answer() instanceof Answer.Failed failed) {
                span.with(Attributes.ERROR_TYPE, failed.failure().code().name());
            }
            finish(new Work(item, task, type, start, pieces, delegation), outcome, stopped);
        }
    }

    private Backends.Outcome callBackend(
            Envelope task,
            TaskType type,
            TaskBody body,
            Duration limit,
            RunningTasks.Run run,
            DeltaSink pieces) {
        try {
            return backends.call(
                    new Call(
                            task.taskId(),
                            task.epoch(),
                            task.attempt(),
                            type,
                            body.input(),
                            body.parameters(),
                            task.model(),
                            limit,
                            run::isAborted,
                            pieces,
                            task.traceParent()));
        } catch (RuntimeException | StackOverflowError e) {
            log.error("a bug while calling a backend", Wordless.of(e));
            Failure bug = Failure.of(FailureCode.INTERNAL, "the worker failed").causedBy(e);
            return new Backends.Outcome(null, new Answer.Failed(bug), false);
        }
    }

    /** A call that was stopped and answered all the same counts as answered. */
    private void finish(Work work, Backends.Outcome outcome, Optional<StopReason> stopped) {
        boolean cancelled = stopped.filter(r -> r == StopReason.CANCELLED).isPresent();
        WorkItem item = work.item();
        Envelope task = work.task();
        switch (outcome.answer()) {
            case Answer.Done done when !cancelled -> answered(work, done);
            case Answer.Done done -> settlement.drop(item);
            case Answer.Failed failed when stopped.isEmpty() ->
                    recover(item, task, work.start(), failed.failure(), outcome.down());
            case Answer.Failed failed -> afterStop(item, task, work.start(), stopped.get());
        }
    }

    private void answered(Work work, Answer.Done done) {
        Optional<Delegated> delegated = work.delegation().flatMap(d -> d.delegated(done));
        if (delegated.isPresent()) {
            settlement.delegate(work.item(), work.task(), work.start(), delegated.get());
        } else {
            int last = work.pieces().end(work.type(), done.output());
            settlement.succeed(work.item(), work.task(), work.start(), done, last);
        }
    }

    private void afterStop(WorkItem item, Envelope task, Instant start, StopReason reason) {
        switch (reason) {
            case CANCELLED -> settlement.drop(item);
            case WORKER_STOPS -> settlement.handBack(item, task);
            case CALL_LIMIT -> recover(item, task, start, timeLimit(task), false);
        }
    }

    private Failure timeLimit(Envelope task) {
        return task.deadline().isAfter(clock.instant())
                ? Failure.of(
                        FailureCode.CALL_TIMEOUT, "the call took longer than " + task.callLimit())
                : Failure.of(FailureCode.DEADLINE_EXCEEDED, "the deadline passed during the call");
    }

    private void recover(
            WorkItem item, Envelope task, Instant start, Failure failure, boolean backendDown) {
        switch (recovery.decide(task, failure, backendDown, clock.instant())) {
            case RecoveryAction.RetryAfter retry -> settlement.retry(item, task, failure, retry);
            case RecoveryAction.FailForGood forGood ->
                    settlement.fail(item, task, forGood.failure(), start);
            case RecoveryAction.DropStale stale -> settlement.drop(item);
        }
    }
}
