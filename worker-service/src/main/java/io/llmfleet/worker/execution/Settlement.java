package io.llmfleet.worker.execution;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Defaults;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Result;
import io.llmfleet.wire.Delegated;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.NewerVersionException;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.UnreadableMessageException;
import io.llmfleet.worker.backend.Backend.Answer;
import io.llmfleet.worker.metrics.WorkMeters;
import io.llmfleet.worker.metrics.WorkMeters.Action;
import io.llmfleet.worker.recovery.RecoveryAction;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a message: what follows from it is published and confirmed, then it is acknowledged.
 *
 * <p>Where the worker stops before the confirm, neither counts: the broker delivers the message
 * again.
 */
public final class Settlement {

    private static final Logger log = LoggerFactory.getLogger(Settlement.class);

    private final Outbox outbox;
    private final RetryLadder ladder;
    private final WorkEvents events;
    private final WorkMeters meters;
    private final String worker;
    private final boolean ackBeforePublish;
    private final Clock clock;

    public Settlement(
            Outbox outbox,
            RetryLadder ladder,
            WorkEvents events,
            WorkMeters meters,
            WorkerProperties properties,
            String worker,
            Clock clock) {
        this.outbox = outbox;
        this.ladder = ladder;
        this.events = events;
        this.meters = meters;
        this.worker = worker;
        this.ackBeforePublish = properties.ackBeforePublish();
        this.clock = clock;
    }

    /**
     * @param deltas how many pieces of the answer were passed on before
     */
    void succeed(WorkItem item, Envelope task, Instant start, Answer.Done done, int deltas) {
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
        settle(
                item,
                Action.SUCCEEDED,
                () -> outbox.succeeded(task, start, done.model(), deltas, result));
    }

    /** The task waits for others; the producer sends it again when they are done. */
    void delegate(WorkItem item, Envelope task, Instant start, Delegated delegated) {
        byte[] body = Json.bytes(delegated);
        if (body.length > Defaults.MAX_RESULT_BYTES) {
            String message = "what the task delegates has " + body.length + " bytes";
            fail(item, task, Failure.of(FailureCode.RESULT_TOO_LARGE, message), start);
            return;
        }
        settle(item, Action.DELEGATED, () -> outbox.delegated(task, start, body));
    }

    /** For a task that was never started. */
    void fail(WorkItem item, Envelope task, Failure failure) {
        fail(item, task, failure, clock.instant());
    }

    void fail(WorkItem item, Envelope task, Failure failure, Instant start) {
        Envelope ended = task.failedForGood(attemptFailure(task, failure));
        meters.attemptFailed(item.kind(), failure.code());
        settle(item, Action.FAILED, () -> outbox.failed(ended, start, failure));
    }

    void retry(WorkItem item, Envelope task, Failure failure, RecoveryAction.RetryAfter retry) {
        Envelope next =
                retry.countsAsAttempt() ? task.nextAttempt(attemptFailure(task, failure)) : task;
        events.retrying(task, clock.instant(), failure, retry.level());
        meters.attemptFailed(item.kind(), failure.code());
        settle(item, Action.RETRY, () -> outbox.retry(next, retry.level(), item.wireBody()));
    }

    /**
     * The producer finds out what became of it. Only the first copy of a message can have stopped
     * its worker: a second one is never run.
     */
    void ask(WorkItem item, Envelope task) {
        Envelope counted = item.repeated() ? task : task.interrupted();
        settle(item, Action.INTERRUPTED, () -> outbox.interrupted(counted));
    }

    /** Gives back what was not worked on: it passes the router again, its attempt unchanged. */
    void handBack(WorkItem item, Envelope task) {
        settle(item, Action.RETURNED, () -> outbox.retry(task, ladder.shortest(), item.wireBody()));
    }

    /** What a newer worker will understand waits for it; what nobody will becomes a dead letter. */
    void postponeOrBury(WorkItem item, UnreadableMessageException why) {
        Optional<String> key =
                why instanceof NewerVersionException newer
                        ? newer.ingressKey(clock.instant())
                        : Optional.empty();
        if (key.isPresent()) {
            settle(
                    item,
                    Action.NEWER,
                    () ->
                            outbox.postpone(
                                    item.headers(), ladder.shortest(), key.get(), item.wireBody()));
        } else {
            log.warn("a message cannot be read and becomes a dead letter: {}", why.getMessage());
            meters.settled(item.kind(), Action.UNREADABLE);
            item.reject();
        }
    }

    /** For a message whose task has ended or lives on elsewhere. */
    void drop(WorkItem item) {
        meters.settled(item.kind(), Action.DROPPED);
        item.ack();
    }

    private AttemptFailure attemptFailure(Envelope task, Failure failure) {
        return new AttemptFailure(
                task.attempt(),
                failure.code(),
                failure.message(),
                failure.exceptionType(),
                clock.instant(),
                worker,
                task.model(),
                failure.usage());
    }

    @FunctionalInterface
    private interface Publish {
        boolean confirmed();
    }

    private void settle(WorkItem item, Action action, Publish publish) {
        if (ackBeforePublish) {
            item.ack();
        }
        boolean confirmed = publish.confirmed();
        meters.settled(item.kind(), confirmed ? action : Action.UNSETTLED);
        if (confirmed && !ackBeforePublish) {
            item.ack();
        }
    }
}
