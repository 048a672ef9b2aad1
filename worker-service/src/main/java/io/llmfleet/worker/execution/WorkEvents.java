package io.llmfleet.worker.execution;

import io.llmfleet.broker.EventPublisher;
import io.llmfleet.model.Failure;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.RetryLadder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells what a worker does with its tasks; nothing depends on it being heard. */
public final class WorkEvents {

    private final EventPublisher events;
    private final String worker;

    public WorkEvents(EventPublisher events, String worker) {
        this.events = events;
        this.worker = worker;
    }

    void running(Envelope task, Instant at) {
        events.publish(event(task, Event.RUNNING, at, null, null));
    }

    void retrying(Envelope task, Instant at, Failure failure, RetryLadder.Level level) {
        events.publish(
                event(task, Event.RETRYING, at, failure.code().name(), level.name())
                        .used(failure.usage()));
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
