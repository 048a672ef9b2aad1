package io.llmfleet.worker.broker;

import io.llmfleet.broker.Delivery;
import io.llmfleet.broker.EventPublisher;
import io.llmfleet.wire.Control;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.worker.execution.RunningTasks;
import java.time.Instant;

/** Follows the control stream: cancels, heartbeats, and the question who runs a task. */
final class ControlReader {

    /** Marks a running event as an answer. */
    private static final String ANSWER = "who-runs";

    private final RunningTasks running;
    private final EventPublisher events;
    private final String worker;

    ControlReader(RunningTasks running, EventPublisher events, String worker) {
        this.running = running;
        this.events = events;
        this.worker = worker;
    }

    void handle(Delivery delivery) {
        Control control = Json.read(delivery.body(), Control.class);
        switch (delivery.routingKey()) {
            case RoutingKeys.CONTROL_HEARTBEAT -> running.heartbeat(control);
            case RoutingKeys.CONTROL_CANCEL -> {
                if (control.taskId() != null) {
                    running.cancel(control.taskId(), control.epoch());
                }
            }
            case RoutingKeys.CONTROL_SUPERSEDE -> {
                if (control.taskId() != null) {
                    running.supersede(control.taskId(), control.epoch());
                }
            }
            case RoutingKeys.CONTROL_WHO_RUNS -> {
                if (control.taskId() != null) {
                    running.find(control.taskId()).ifPresent(this::answer);
                }
            }
            default -> {
                // a newer producer may say more than this worker knows
            }
        }
    }

    private void answer(Envelope task) {
        events.publish(
                new Event(
                        Event.RUNNING,
                        task.taskId(),
                        task.type(),
                        task.epoch(),
                        task.attempt(),
                        Instant.now(),
                        task.pool(),
                        task.model(),
                        worker,
                        null,
                        null,
                        ANSWER));
    }
}
