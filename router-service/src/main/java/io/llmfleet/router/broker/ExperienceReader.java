package io.llmfleet.router.broker;

import io.llmfleet.broker.Delivery;
import io.llmfleet.broker.StreamReader;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.router.routing.Experience;
import io.llmfleet.router.routing.RuleBook;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads from the event stream what became of tasks, once some rule learns: from three half-lives
 * ago, so that a router knows at its start what the others know.
 */
final class ExperienceReader implements SmartLifecycle {

    private static final int HALF_LIVES = 3;
    private static final Set<String> KINDS = Set.of(Event.ROUTED, Event.RETRYING, Event.FINAL);

    private final ConnectionFactory connectionFactory;
    private final LinkMetrics metrics;
    private final Experience experience;
    private boolean started;
    private @Nullable Duration lookBack;
    private @Nullable StreamReader reader;

    ExperienceReader(
            ConnectionFactory connectionFactory, LinkMetrics metrics, Experience experience) {
        this.connectionFactory = connectionFactory;
        this.metrics = metrics;
        this.experience = experience;
    }

    synchronized void follow(RuleBook rules) {
        experience.learnBy(rules.learning());
        if (rules.learns()) {
            lookBack = rules.learning().halfLife().multipliedBy(HALF_LIVES);
            open();
        }
    }

    @Override
    public synchronized void start() {
        started = true;
        open();
    }

    @Override
    public synchronized void stop() {
        started = false;
        if (reader != null) {
            reader.stop();
            reader = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return started;
    }

    private void open() {
        if (started && reader == null && lookBack != null) {
            Date from = Date.from(Instant.now().minus(lookBack));
            StreamReader opened =
                    new StreamReader(connectionFactory, metrics, Queues.EVENTS, from, this::read);
            opened.start();
            reader = opened;
        }
    }

    private void read(Delivery delivery) {
        if (KINDS.contains(delivery.routingKey().split("\\.", 2)[0])) {
            for (Event event : Json.read(delivery.body(), Event[].class)) {
                experience.heard(event);
            }
        }
    }
}
