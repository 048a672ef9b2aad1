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
        publish(task, Event.RUNNING, at, null, null);
    }

    void retrying(Envelope task, Instant at, Failure failure, RetryLadder.Level level) {
        publish(task, Event.RETRYING, at, failure.code().name(), level.name());
    }

    private void publish(
            Envelope task, String kind, Instant at, @Nullable String code, @Nullable String why) {
        events.publish(
                new Event(
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
                        why));
    }
}
