package io.llmfleet.worker.execution;

import io.llmfleet.broker.EventPublisher;
import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Defaults;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Result;
import io.llmfleet.type.TaskType;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.NewerVersionException;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.TaskBody;
import io.llmfleet.wire.UnreadableMessageException;
import io.llmfleet.worker.backend.Backend.Answer;
import io.llmfleet.worker.backend.Backend.Call;
import io.llmfleet.worker.backend.Backends;
import io.llmfleet.worker.execution.RunningTasks.StopReason;
import io.llmfleet.worker.recovery.RecoveryAction;
import io.llmfleet.worker.recovery.RecoveryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on one message from its checks to its settlement.
 *
 * <p>Every way through ends in one confirmed publish and then one ack, or, where the worker stops
 * first, in neither: then the broker delivers the message again.
 */
public final class TaskRunner {

    private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);

    private final TaskTypes types;
    private final Backends backends;
    private final RecoveryPolicy recovery;
    private final RetryLadder ladder;
    private final RunningTasks running;
    private final Outbox outbox;
    private final EventPublisher events;
    private final WorkMeters meters;
    private final WorkerProperties properties;
    private final String worker;
    private final Clock clock;

    public TaskRunner(
            TaskTypes types,
            Backends backends,
            RecoveryPolicy recovery,
            RetryLadder ladder,
            RunningTasks running,
            Outbox outbox,
            EventPublisher events,
            WorkMeters meters,
            WorkerProperties properties,
            String worker,
            Clock clock) {
        this.types = types;
        this.backends = backends;
        this.recovery = recovery;
        this.ladder = ladder;
        this.running = running;
        this.outbox = outbox;
        this.events = events;
        this.meters = meters;
        this.properties = properties;
        this.worker = worker;
        this.clock = clock;
    }

    /** Checks, calls, settles. */
    void run(WorkItem item) {
        Envelope task;
        try {
            task = Envelope.fromHeaders(item.headers());
        } catch (UnreadableMessageException e) {
            postponeOrBury(item, e);
            return;
        }
        if (mayHaveRun(item)) {
            ask(item, task);
        } else if (running.isCancelled(task)) {
            drop(item);
        } else if (!task.deadline().isAfter(clock.instant())) {
            fail(
                    item,
                    task,
                    Failure.of(FailureCode.DEADLINE_EXCEEDED, "the deadline passed in the queue"),
                    null);
        } else {
            work(item, task);
        }
    }

    private static boolean mayHaveRun(WorkItem item) {
        return item.redelivered() || item.repeated();
    }

    /**
     * The producer finds out what became of it. Only the first copy of a message can have stopped
     * its worker: a second one is never run.
     */
    private void ask(WorkItem item, Envelope task) {
        Envelope counted = item.repeated() ? task : task.interrupted();
        settle(item, "interrupted", () -> outbox.interrupted(counted));
    }

    /**
     * Gives a message back that was not started: it passes the router again, its attempt unchanged.
     */
    void handBack(WorkItem item) {
        try {
            Envelope task = Envelope.fromHeaders(item.headers());
            if (mayHaveRun(item)) {
                ask(item, task);
                return;
            }
            settle(item, "returned", () -> outbox.retry(task, ladder.shortest(), item.body()));
        } catch (UnreadableMessageException e) {
            postponeOrBury(item, e);
        }
    }

    /** What a newer worker will understand waits for it; what nobody will becomes a dead letter. */
    private void postponeOrBury(WorkItem item, UnreadableMessageException why) {
        Optional<String> key =
                why instanceof NewerVersionException newer
                        ? newer.ingressKey(clock.instant())
                        : Optional.empty();
        if (key.isPresent()) {
            settle(
                    item,
                    "newer",
                    () ->
                            outbox.postpone(
                                    item.headers(), ladder.shortest(), key.get(), item.body()));
        } else {
            log.warn("a message cannot be read and becomes a dead letter: {}", why.getMessage());
            meters.settled("unreadable");
            item.reject();
        }
    }

    private void work(WorkItem item, Envelope task) {
        Optional<TaskType> type = types.find(task.type());
        if (type.isEmpty()) {
            String message =
                    "this worker has no type '" + task.type() + "', it has: " + types.names();
            fail(item, task, Failure.of(FailureCode.UNSUPPORTED, message), null);
            return;
        }
        TaskBody body;
        try {
            body = Json.read(item.body(), TaskBody.class);
        } catch (UnreadableMessageException e) {
            fail(
                    item,
                    task,
                    Failure.of(FailureCode.INVALID_INPUT, String.valueOf(e.getMessage())),
                    null);
            return;
        }
        if (body.input() == null) {
            fail(item, task, Failure.of(FailureCode.INVALID_INPUT, "the body has no input"), null);
            return;
        }
        call(item, task, type.get(), body);
    }

    private void call(WorkItem item, Envelope task, TaskType type, TaskBody body) {
        Instant start = clock.instant();
        Duration toDeadline = Duration.between(start, task.deadline());
        Duration limit = toDeadline.compareTo(task.callLimit()) < 0 ? toDeadline : task.callLimit();
        try (RunningTasks.Run run = running.start(task, limit)) {
            events.publish(event(task, Event.RUNNING, start, null, null));
            Backends.Outcome outcome;
            try {
                outcome =
                        backends.call(
                                new Call(
                                        task.taskId(),
                                        task.epoch(),
                                        task.attempt(),
                                        type,
                                        body.input(),
                                        body.parameters(),
                                        task.model(),
                                        limit,
                                        run::isAborted));
            } catch (RuntimeException e) {
                log.error("task {}: a bug while calling a backend", task.taskId(), e);
                Failure bug = Failure.of(FailureCode.INTERNAL, "the worker failed").causedBy(e);
                outcome = new Backends.Outcome(null, new Answer.Failed(bug), false);
            }
            Optional<StopReason> stopped = run.callEnded();
            meters.called(type.name(), outcome, Duration.between(start, clock.instant()));
            finish(item, task, start, outcome, stopped);
        }
    }

    /** A call that was stopped and answered all the same counts as answered. */
    private void finish(
            WorkItem item,
            Envelope task,
            Instant start,
            Backends.Outcome outcome,
            Optional<StopReason> stopped) {
        boolean cancelled = stopped.filter(r -> r == StopReason.CANCELLED).isPresent();
        switch (outcome.answer()) {
            case Answer.Done done when !cancelled -> succeed(item, task, start, done);
            case Answer.Done done -> drop(item);
            case Answer.Failed failed when stopped.isEmpty() ->
                    recover(item, task, start, failed.failure(), outcome.down());
            case Answer.Failed failed -> afterStop(item, task, start, stopped.get());
        }
    }

    private void afterStop(WorkItem item, Envelope task, Instant start, StopReason reason) {
        switch (reason) {
            case CANCELLED -> drop(item);
            case WORKER_STOPS -> handBack(item);
            case CALL_LIMIT -> recover(item, task, start, timeLimit(task), false);
        }
    }

    private Failure timeLimit(Envelope task) {
        return task.deadline().isAfter(clock.instant())
                ? Failure.of(
                        FailureCode.CALL_TIMEOUT, "the call took longer than " + task.callLimit())
                : Failure.of(FailureCode.DEADLINE_EXCEEDED, "the deadline passed during the call");
    }

    private void succeed(WorkItem item, Envelope task, Instant start, Answer.Done done) {
        byte[] result = Json.bytes(new Result.Succeeded(done.output(), done.usage(), done.model()));
        if (result.length > Defaults.MAX_RESULT_BYTES) {
            String message =
                    "the result has "
                            + result.length
                            + " bytes, accepted: up to "
                            + Defaults.MAX_RESULT_BYTES;
            fail(item, task, Failure.of(FailureCode.RESULT_TOO_LARGE, message), start);
            return;
        }
        settle(item, "reply", () -> outbox.succeeded(task, start, done.model(), result));
    }

    private void recover(
            WorkItem item, Envelope task, Instant start, Failure failure, boolean backendDown) {
        switch (recovery.decide(task, failure, backendDown, clock.instant())) {
            case RecoveryAction.RetryAfter retry -> retry(item, task, failure, retry);
            case RecoveryAction.FailForGood forGood -> fail(item, task, forGood.failure(), start);
            case RecoveryAction.DropStale stale -> drop(item);
        }
    }

    private void retry(
            WorkItem item, Envelope task, Failure failure, RecoveryAction.RetryAfter retry) {
        Envelope next =
                retry.countsAsAttempt() ? task.nextAttempt(attemptFailure(task, failure)) : task;
        events.publish(
                event(
                        task,
                        Event.RETRYING,
                        clock.instant(),
                        failure.code().name(),
                        retry.level().name()));
        settle(item, "retry", () -> outbox.retry(next, retry.level(), item.body()));
    }

    private void fail(WorkItem item, Envelope task, Failure failure, @Nullable Instant start) {
        Envelope ended = task.failedForGood(attemptFailure(task, failure));
        Instant started = start == null ? clock.instant() : start;
        settle(item, "reply", () -> outbox.failed(ended, started, failure));
    }

    private AttemptFailure attemptFailure(Envelope task, Failure failure) {
        return new AttemptFailure(
                task.attempt(),
                failure.code(),
                failure.message(),
                failure.exceptionType(),
                clock.instant(),
                worker,
                task.model());
    }

    private void drop(WorkItem item) {
        meters.settled("dropped");
        item.ack();
    }

    @FunctionalInterface
    private interface Publish {
        boolean confirmed();
    }

    private void settle(WorkItem item, String action, Publish publish) {
        if (properties.ackBeforePublish()) {
            item.ack();
        }
        if (publish.confirmed()) {
            meters.settled(action);
            if (!properties.ackBeforePublish()) {
                item.ack();
            }
        }
    }

    private Event event(
            Envelope task, String kind, Instant at, @Nullable String code, @Nullable String why) {
        return new Event(
                kind,
                task.taskId(),
                task.type(),
                task.epoch(),
                task.attempt(),
                at,
                task.pool(),
                task.model(),
                worker,
                null,
                code,
                why);
    }
}
