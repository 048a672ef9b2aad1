package io.llmfleet.worker.broker;

import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.Outgoing;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.worker.execution.DeltaOutbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes deltas to their stream in order, those of many calls in one message. While the broker
 * takes none they wait, and are dropped once {@value #CAPACITY} do.
 */
final class AmqpDeltas implements DeltaOutbox, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AmqpDeltas.class);
    private static final int CAPACITY = 10_000;
    private static final int MAX_BATCH = 200;

    /** A delta that comes alone is sent at once; only those right behind it wait. */
    private static final long PAUSE_MILLIS = 15;

    private final ConfirmingPublisher publisher;
    private final BlockingQueue<Typed> waiting = new LinkedBlockingQueue<>(CAPACITY);
    private final Semaphore hurried = new Semaphore(0);
    private final Thread sender;

    private record Typed(String type, Delta delta) {}

    AmqpDeltas(ConfirmingPublisher publisher) {
        this.publisher = publisher;
        // A virtual thread that is interrupted as it writes closes the connection.
        this.sender = Thread.ofPlatform().name("deltas").daemon().start(this::send);
    }

    @Override
    public void publish(String type, Delta delta) {
        if (!waiting.offer(new Typed(type, delta))) {
            log.debug("delta of task {} dropped, {} wait", delta.taskId(), CAPACITY);
        }
    }

    @Override
    public void hurry() {
        hurried.release();
    }

    @Override
    public void close() {
        sender.interrupt();
        try {
            sender.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Typed> left = new ArrayList<>();
        waiting.drainTo(left);
        send(left);
    }

    private void send() {
        List<Typed> batch = new ArrayList<>();
        while (true) {
            try {
                batch.add(waiting.take());
                hurried.drainPermits();
                waiting.drainTo(batch, MAX_BATCH - 1);
                send(batch);
                batch.clear();
                var _ = hurried.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send(List<Typed> batch) {
        Map<String, List<Delta>> byType = new LinkedHashMap<>();
        batch.forEach(
                t -> byType.computeIfAbsent(t.type(), type -> new ArrayList<>()).add(t.delta()));
        byType.forEach(
                (type, deltas) -> {
                    byte[] body = Json.bytes(deltas);
                    Outgoing message =
                            new Outgoing(Exchanges.DELTAS, type, false, "deltas", Map.of(), body);
                    var _ =
                            publisher
                                    .publish(message)
                                    .exceptionally(
                                            e -> {
                                                log.debug(
                                                        "deltas were not taken: {}", e.toString());
                                                return null;
                                            });
                });
    }
}
