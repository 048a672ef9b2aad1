package io.llmfleet.producer.api.amqp;

import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.Outgoing;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.ResultOutbox;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Sends results to the AMQP clients that asked for them. A result leaves the outbox when the broker
 * has confirmed it; one that no queue takes is gone, as with any topic exchange, and can still be
 * looked up.
 */
final class ResultMessages implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ResultMessages.class);
    private static final int BATCH = 200;
    private static final long TICK_MILLIS = 50;

    private final ResultOutbox outbox;
    private final ConfirmingPublisher publisher;
    private final ConcurrentLinkedQueue<UUID> confirmed = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("results").daemon().factory());
    private volatile boolean running;

    ResultMessages(ResultOutbox outbox, ConfirmingPublisher publisher) {
        this.outbox = outbox;
        this.publisher = publisher;
    }

    @Override
    public void start() {
        running = true;
        var _ = schedule.scheduleWithFixedDelay(this::step, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        running = false;
        schedule.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void step() {
        try {
            List<UUID> done = confirmed.stream().toList();
            if (!done.isEmpty()) {
                outbox.delivered(done);
                confirmed.removeAll(done);
            }
            if (publisher.available()) {
                outbox.claim(BATCH).forEach(this::send);
            }
        } catch (RuntimeException e) {
            log.debug("results wait: {}", e.toString());
        }
    }

    private void send(ResultOutbox.Item item) {
        TaskView task = item.task();
        String outcome = task.state().name().toLowerCase(Locale.ROOT);
        Map<String, Object> headers = new HashMap<>();
        headers.put(Headers.TASK_ID, task.id().toString());
        headers.put(Headers.TYPE, task.type());
        headers.put(Headers.OUTCOME, outcome);
        headers.put(Headers.TRACE_PARENT, item.traceParent());
        String key =
                RoutingKeys.result(
                        task.type(), outcome, item.replyTo().user(), item.replyTo().address());
        var _ =
                publisher
                        .publish(
                                new Outgoing(
                                        Exchanges.RESULTS,
                                        key,
                                        false,
                                        task.id() + ":" + task.epoch(),
                                        headers,
                                        body(task),
                                        item.replyTo().correlationId()))
                        .whenComplete(
                                (done, failure) -> {
                                    if (failure == null) {
                                        confirmed.add(task.id());
                                    }
                                });
    }

    /** The stored result as it is, or the failure. */
    private static byte[] body(TaskView task) {
        byte[] result = task.result();
        if (task.state() == TaskState.SUCCEEDED && result != null) {
            return result;
        }
        return Json.bytes(
                task.failure() == null
                        ? Map.of()
                        : Map.of(
                                "failure",
                                Map.of(
                                        "code",
                                        task.failure().code().name(),
                                        "message",
                                        task.failure().message(),
                                        "retryable",
                                        task.failure().retryable())));
    }
}
