package io.llmfleet.broker;

import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.QueueLost;
import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.RouteQuestion;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the event stream what happened, many events in one message. Events are advisory: under an
 * alarm of the broker they are dropped once {@value #CAPACITY} wait, and nothing depends on them.
 */
public final class EventPublisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);
    private static final int CAPACITY = 20_000;
    private static final int MAX_BATCH = 500;

    private final ConfirmingPublisher publisher;
    private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>(CAPACITY);
    private final Duration gather;
    private final Runnable dropped;
    private final Thread sender;
    private volatile boolean closed;

    /**
     * @param gather how long the first event of a message waits for more of them
     */
    public EventPublisher(ConfirmingPublisher publisher, Duration gather, LinkMetrics metrics) {
        this.publisher = publisher;
        this.gather = gather;
        this.dropped = metrics.eventsDropped();
        // A virtual thread that is interrupted as it writes closes the connection.
        this.sender = Thread.ofPlatform().name("events").daemon().start(this::send);
    }

    public void publish(Event event) {
        if (!waiting.offer(event)) {
            dropped.run();
            log.debug("event of task {} dropped, {} wait", event.taskId(), CAPACITY);
        }
    }

    public void announce(WorkerInfo worker) {
        publish(
                RoutingKeys.event(Event.WORKER, "any"),
                "worker:" + worker.worker(),
                Json.bytes(worker));
    }

    public void queueLost(QueueLost lost) {
        publish(RoutingKeys.event(Event.QUEUE_LOST, "any"), "queue-lost", Json.bytes(lost));
    }

    public void ask(RouteQuestion question) {
        publish(RoutingKeys.event(Event.EXPLAIN, question.type()), "explain", Json.bytes(question));
    }

    /**
     * @param type that was asked for
     */
    public void explain(String type, RouteExplanation explanation) {
        publish(RoutingKeys.event(Event.EXPLAINED, type), "explained", Json.bytes(explanation));
    }

    @Override
    public void close() {
        closed = true;
        sender.interrupt();
        try {
            sender.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        flush();
    }

    private void send() {
        while (!closed) {
            try {
                Event first = waiting.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    gather();
                    flush(first);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Shorter at the end, when nothing comes behind it. */
    private void gather() {
        try {
            Thread.sleep(gather);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flush(Event first) {
        List<Event> batch = new ArrayList<>();
        batch.add(first);
        waiting.drainTo(batch, MAX_BATCH - 1);
        send(batch);
    }

    private void flush() {
        List<Event> batch = new ArrayList<>();
        waiting.drainTo(batch);
        send(batch);
    }

    private void send(List<Event> batch) {
        batch.stream()
                .collect(Collectors.groupingBy(e -> RoutingKeys.event(e.kind(), e.type())))
                .forEach((key, events) -> publish(key, "events", Json.bytes(events)));
    }

    private void publish(String key, String id, byte[] body) {
        var _ =
                publisher
                        .publish(new Outgoing(Exchanges.EVENTS, key, false, id, Map.of(), body))
                        .exceptionally(
                                e -> {
                                    log.debug("events were not taken: {}", e.toString());
                                    return null;
                                });
    }
}
