package io.llmfleet.producer.dispatch;

import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.Outgoing;
import io.llmfleet.broker.PublisherClosedException;
import io.llmfleet.producer.metrics.TaskMeters;
import io.llmfleet.producer.metrics.TaskMeters.Cause;
import io.llmfleet.producer.task.DispatchGate;
import io.llmfleet.producer.task.OpenTask;
import io.llmfleet.producer.task.OpenTasks.Lane;
import io.llmfleet.producer.task.OpenTasks.Ref;
import io.llmfleet.producer.task.OverloadedException;
import io.llmfleet.producer.task.StoreUnavailableException;
import io.llmfleet.tracing.LoggedTask;
import io.llmfleet.tracing.Spans;
import io.llmfleet.tracing.TaskSpan;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.WireBody;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes tasks to the ingress exchange.
 *
 * <p>A task that is here when the process dies stays claimed and unconfirmed in the store; the
 * sweep sends it again.
 */
final class Dispatcher implements DispatchGate, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private final ConfirmingPublisher publisher;
    private final List<MessageBodies> bodies;
    private final BodyEncoder encoder;
    private final SentTasks sent;
    private final Lanes lanes;
    private final Throughput throughput;
    private final DispatchProperties properties;
    private final int maxAttempts;
    private final BlockingQueue<Outbound> outbound = new LinkedBlockingQueue<>();
    private final AtomicLong outboundBytes = new AtomicLong();
    private final Semaphore unconfirmedBytes;
    private final Spans spans;
    private final TaskMeters meters;
    private final BudgetWatch budgets;
    private final Thread sender;

    private record Outbound(OpenTask task, Cause cause) {}

    Dispatcher(
            ConfirmingPublisher publisher,
            List<MessageBodies> bodies,
            BodyEncoder encoder,
            SentTasks sent,
            Lanes lanes,
            Throughput throughput,
            DispatchProperties properties,
            int maxAttempts,
            Spans spans,
            TaskMeters meters,
            BudgetWatch budgets) {
        this.publisher = publisher;
        this.bodies = List.copyOf(bodies);
        this.encoder = encoder;
        this.sent = sent;
        this.lanes = lanes;
        this.throughput = throughput;
        this.properties = properties;
        this.maxAttempts = maxAttempts;
        this.spans = spans;
        this.meters = meters;
        this.budgets = budgets;
        this.unconfirmedBytes = new Semaphore((int) properties.memory().toBytes());
        this.sender = Thread.ofPlatform().name("dispatch").daemon().start(this::send);
    }

    @Override
    public void admit(String tenant) {
        long open = lanes.open();
        if (open < properties.maxOpen()) {
            return;
        }
        if (!publisher.available()) {
            throw new StoreUnavailableException(
                    "the broker takes no messages and " + open + " tasks wait already", null);
        }
        throw new OverloadedException(
                open + " tasks are unfinished, accepted: fewer than " + properties.maxOpen(),
                DispatchPolicy.retryAfter(open, properties.maxOpen(), throughput.perSecond()));
    }

    @Override
    public boolean tryClaim(OpenTask task) {
        boolean room = outboundBytes.get() < properties.memory().toBytes();
        return lanes.add(
                new Lane(task.tenant(), task.priority(), task.target(), task.type()),
                room && publisher.available());
    }

    @Override
    public void dispatch(OpenTask task) {
        enqueue(new Outbound(task, Cause.NEW));
    }

    /** Sends a message whose confirm never came. */
    void dispatchAgain(OpenTask task) {
        enqueue(new Outbound(task, Cause.UNCONFIRMED));
    }

    /** Sends a task of a newer epoch, whose worker was lost. */
    void dispatchAnew(OpenTask task) {
        enqueue(new Outbound(task, Cause.INTERRUPTED));
    }

    private void enqueue(Outbound next) {
        outboundBytes.addAndGet(next.task().body().length);
        outbound.add(next);
    }

    /** Whether there is so much on its way that no more should be claimed from the store. */
    boolean isFull() {
        return outboundBytes.get() >= properties.memory().toBytes() || !publisher.available();
    }

    @Override
    public void close() {
        sender.interrupt();
    }

    private void send() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Outbound next = outbound.take();
                outboundBytes.addAndGet(-next.task().body().length);
                publish(next.task(), next.cause());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void publish(OpenTask task, Cause cause) throws InterruptedException {
        byte[] plain;
        WireBody body;
        try {
            plain = body(task);
            body = encoder.encode(plain);
        } catch (RuntimeException e) {
            log.warn("task {} waits, its message cannot be made: {}", task.id(), e.toString());
            sent.refused(task.id());
            return;
        }
        publish(task, cause, body, plain.length);
    }

    private byte[] body(OpenTask task) {
        byte[] body = task.body();
        for (MessageBodies each : bodies) {
            body = each.of(task, body);
        }
        return body;
    }

    private void publish(OpenTask task, Cause cause, WireBody body, int size)
            throws InterruptedException {
        unconfirmedBytes.acquire(size);
        String key = RoutingKeys.ingress(task.priority(), task.type(), task.target());
        Envelope accepted = envelope(task);
        TaskSpan span = spans.send(Exchanges.INGRESS, key, accepted);
        Envelope envelope = accepted.traced(span.traceParent());
        Map<String, Object> headers = envelope.toHeaders();
        if (cause == Cause.UNCONFIRMED) {
            headers.put(Headers.REPEATED, true);
        }
        meters.dispatched(cause);
        var _ =
                publisher
                        .publish(
                                new Outgoing(
                                        Exchanges.INGRESS,
                                        key,
                                        true,
                                        envelope.messageId(),
                                        headers,
                                        body))
                        .whenComplete(
                                (done, failure) -> {
                                    unconfirmedBytes.release(size);
                                    span.end(failure);
                                    settle(task, failure);
                                });
    }

    /** Says what the router needs to know to spare a budget. */
    private Envelope envelope(OpenTask task) {
        Envelope envelope = task.envelope(maxAttempts);
        OptionalInt used = budgets.percentUsed(task.tenant(), task.key());
        return used.isPresent() ? envelope.budgetUsed(used.getAsInt()) : envelope;
    }

    private void settle(OpenTask task, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException e && e.getCause() != null
                        ? e.getCause()
                        : failure;
        if (cause == null) {
            sent.confirmed(new Ref(task.id(), task.epoch()));
        } else if (!(cause instanceof PublisherClosedException)) {
            try (var _ = LoggedTask.about(task.id(), task.traceParent())) {
                log.warn(
                        "task {} was not taken by the broker and waits: {}",
                        task.id(),
                        cause.getMessage());
            }
            meters.dispatchRefused();
            sent.refused(task.id());
        }
    }
}
