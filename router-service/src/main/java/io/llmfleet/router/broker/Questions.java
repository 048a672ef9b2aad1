package io.llmfleet.router.broker;

import io.llmfleet.broker.Delivery;
import io.llmfleet.broker.EventPublisher;
import io.llmfleet.router.routing.RoutingPolicy;
import io.llmfleet.router.routing.WorkerDirectory;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RouteQuestion;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Answers, on the event stream, where a task would go; an old question waits for no answer. */
final class Questions {

    private static final Duration FRESH = Duration.ofSeconds(5);

    private final RoutingPolicy policy;
    private final WorkerDirectory workers;
    private final EventPublisher events;
    private final String name;

    Questions(RoutingPolicy policy, WorkerDirectory workers, EventPublisher events, String name) {
        this.policy = policy;
        this.workers = workers;
        this.events = events;
        this.name = name;
    }

    void heard(Delivery delivery) {
        Date asked = delivery.properties().getTimestamp();
        if (asked == null || asked.toInstant().isAfter(Instant.now().minus(FRESH))) {
            RouteQuestion question = Json.read(delivery.body(), RouteQuestion.class);
            events.explain(question.type(), policy.explain(question, name, workers.known()));
        }
    }
}
