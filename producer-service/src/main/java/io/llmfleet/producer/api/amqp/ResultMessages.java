package io.llmfleet.producer.api.amqp;

import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.Outgoing;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.ResultOutbox;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.tracing.Spans;
import io.llmfleet.tracing.TaskSpan;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.WireBody;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
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

    /** Results of a replica that died, or that the broker did not take, are found by looking. */
    private static final long LOOK_MILLIS = 1_000;

    /** Under load, a look takes the results of this time together. */
    private static final long GATHER_MILLIS = 5;

    private final ResultOutbox outbox;
    private final ConfirmingPublisher publisher;
    private final BodyEncoder encoder;
    private final Spans spans;
    private final ConcurrentLinkedQueue<ResultOutbox.Claim> confirmed =
            new ConcurrentLinkedQueue<>();
    private final Semaphore added = new Semaphore(0);
    private final Thread sender = Thread.ofPlatform().name("results").daemon().unstarted(this::run);
    private volatile boolean running;

    ResultMessages(
            ResultOutbox outbox, ConfirmingPublisher publisher, BodyEncoder encoder, Spans spans) {
        this.outbox = outbox;
        this.spans = spans;
        this.publisher = publisher;
        this.encoder = encoder;
    }

    @Override
    public void start() {
        running = true;
        outbox.onResults(added::release);
        sender.start();
    }

    @Override
    public void stop() {
        running = false;
        sender.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        while (running) {
            try {
                boolean more = added.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                added.drainPermits();
                step();
                if (more) {
                    Thread.sleep(GATHER_MILLIS);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void step() {
        try {
            List<ResultOutbox.Claim> done = confirmed.stream().toList();
            if (!done.isEmpty()) {
                outbox.delivered(done);
                confirmed.removeAll(done);
            }
            if (publisher.available()) {
                List<ResultOutbox.Item> claimed = outbox.claim(BATCH);
                claimed.forEach(this::send);
                if (claimed.size() == BATCH) {
                    added.release();
                }
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
        ReturnAddress to = ReturnAddress.of(item.replyTo().address());
        String key = RoutingKeys.result(task.type(), outcome, item.replyTo().user(), to.address());
        TaskSpan span = spans.sendResult(Exchanges.RESULTS, key, task.id(), item.traceParent());
        headers.put(Headers.TRACE_PARENT, span.traceParent());
        Outgoing message =
                new Outgoing(
                        Exchanges.RESULTS,
                        key,
                        false,
                        task.id() + ":" + task.epoch(),
                        headers,
                        body(task, to),
                        item.replyTo().correlationId());
        if (!message.fits()) {
            log.warn(
                    "the result of task {} has no room for its reply_to, and is not sent",
                    task.id());
        }
        var _ =
                publisher
                        .publish(message)
                        .whenComplete(
                                (done, failure) -> {
                                    span.end(failure);
                                    // One that AMQP cannot carry could never be sent; an exchange
                                    // that is missing may come back.
                                    if (failure == null || !message.fits()) {
                                        confirmed.add(item.claim());
                                    }
                                });
    }

    private WireBody body(TaskView task, ReturnAddress to) {
        return to.takesCompressed() ? encoder.encode(body(task)) : WireBody.json(body(task));
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
