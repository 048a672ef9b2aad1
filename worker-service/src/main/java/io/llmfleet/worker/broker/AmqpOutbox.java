package io.llmfleet.worker.broker;

import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.Outgoing;
import io.llmfleet.broker.PublisherClosedException;
import io.llmfleet.model.Failure;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.WireBody;
import io.llmfleet.worker.execution.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes replies and retries; what the broker does not take is published again until it does.
 */
final class AmqpOutbox implements Outbox {

    private static final Logger log = LoggerFactory.getLogger(AmqpOutbox.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ConfirmingPublisher publisher;
    private final BodyEncoder encoder;
    private final String worker;

    AmqpOutbox(ConfirmingPublisher publisher, BodyEncoder encoder, String worker) {
        this.publisher = publisher;
        this.encoder = encoder;
        this.worker = worker;
    }

    @Override
    public boolean succeeded(
            Envelope task, Instant startedAt, String model, int deltas, byte[] result) {
        Map<String, Object> headers = reply(task, RoutingKeys.SUCCEEDED);
        headers.put(Headers.STARTED_AT, startedAt.toEpochMilli());
        headers.put(Headers.MODEL, model);
        headers.put(Headers.LAST_SEQ, deltas);
        return publish(
                task,
                Exchanges.REPLIES,
                RoutingKeys.reply(task.type(), RoutingKeys.SUCCEEDED),
                headers,
                encoder.encode(result));
    }

    @Override
    public boolean delegated(Envelope task, Instant startedAt, byte[] delegated) {
        Map<String, Object> headers = reply(task, RoutingKeys.DELEGATED);
        headers.put(Headers.STARTED_AT, startedAt.toEpochMilli());
        String key = RoutingKeys.reply(task.type(), RoutingKeys.DELEGATED);
        return publish(task, Exchanges.REPLIES, key, headers, encoder.encode(delegated));
    }

    @Override
    public boolean failed(Envelope task, Instant startedAt, Failure failure) {
        Map<String, Object> headers = reply(task, RoutingKeys.FAILED);
        headers.put(Headers.STARTED_AT, startedAt.toEpochMilli());
        String key = RoutingKeys.reply(task.type(), RoutingKeys.FAILED);
        return publish(task, Exchanges.REPLIES, key, headers, encoder.encode(Json.bytes(failure)));
    }

    @Override
    public boolean interrupted(Envelope task) {
        String key = RoutingKeys.reply(task.type(), RoutingKeys.INTERRUPTED);
        return publish(
                task,
                Exchanges.REPLIES,
                key,
                reply(task, RoutingKeys.INTERRUPTED),
                WireBody.json(new byte[0]));
    }

    @Override
    public boolean retry(Envelope task, RetryLadder.Level level, WireBody body) {
        String key = RoutingKeys.ingress(task.priority(), task.type(), task.target());
        return publish(task, Exchanges.retry(level.name()), key, task.toHeaders(), body);
    }

    @Override
    public boolean postpone(
            Map<String, Object> headers,
            RetryLadder.Level level,
            String ingressKey,
            WireBody body) {
        String task = String.valueOf(headers.get(Headers.TASK_ID));
        String messageId =
                task + ":" + headers.get(Headers.EPOCH) + ":" + headers.get(Headers.ATTEMPT);
        String exchange = Exchanges.retry(level.name());
        return publish(task, new Outgoing(exchange, ingressKey, true, messageId, headers, body));
    }

    private Map<String, Object> reply(Envelope task, String outcome) {
        Map<String, Object> headers = task.toHeaders();
        headers.put(Headers.OUTCOME, outcome);
        headers.put(Headers.WORKER, worker);
        return headers;
    }

    private boolean publish(
            Envelope task,
            String exchange,
            String key,
            Map<String, Object> headers,
            WireBody body) {
        return publish(
                task.taskId().toString(),
                new Outgoing(exchange, key, true, task.messageId(), headers, body));
    }

    private boolean publish(String task, Outgoing message) {
        while (true) {
            try {
                publisher.publish(message).join();
                return true;
            } catch (CompletionException e) {
                if (e.getCause() instanceof PublisherClosedException) {
                    return false;
                }
                log.warn(
                        "task {}: not taken by {}, trying again: {}",
                        task,
                        message.exchange(),
                        e.getMessage());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
