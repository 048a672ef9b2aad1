package io.llmfleet.router.broker;

import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.Delivery;
import io.llmfleet.broker.EventPublisher;
import io.llmfleet.broker.Outgoing;
import io.llmfleet.broker.RejectedByBrokerException;
import io.llmfleet.broker.UnroutableException;
import io.llmfleet.model.Failure;
import io.llmfleet.router.encoder.InputText;
import io.llmfleet.router.metrics.RouterMetrics;
import io.llmfleet.router.metrics.RouterMetrics.Decided;
import io.llmfleet.router.routing.Decision;
import io.llmfleet.router.routing.Knowledge;
import io.llmfleet.router.routing.RoutingPolicy;
import io.llmfleet.router.routing.WorkerDirectory;
import io.llmfleet.tracing.Attributes;
import io.llmfleet.tracing.LoggedTask;
import io.llmfleet.tracing.Spans;
import io.llmfleet.tracing.TaskSpan;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.NewerVersionException;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.UnreadableMessageException;
import io.llmfleet.wire.WireBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes a batch of messages: all are published before the first confirm is waited for, and the
 * batch is acknowledged after the last one. A batch that comes again because one message could go
 * nowhere routes only what is left of it.
 */
final class IngressHandler {

    private static final Logger log = LoggerFactory.getLogger(IngressHandler.class);

    private final RoutingPolicy policy;
    private final WorkerDirectory workers;
    private final ConfirmingPublisher publisher;
    private final EventPublisher events;
    private final RetryLadder ladder;
    private final String name;
    private final RouterMetrics metrics;
    private final Spans spans;

    IngressHandler(
            RoutingPolicy policy,
            WorkerDirectory workers,
            ConfirmingPublisher publisher,
            EventPublisher events,
            RetryLadder ladder,
            String name,
            RouterMetrics metrics,
            Spans spans) {
        this.policy = policy;
        this.workers = workers;
        this.publisher = publisher;
        this.events = events;
        this.ladder = ladder;
        this.name = name;
        this.metrics = metrics;
        this.spans = spans;
    }

    void handle(List<Delivery> batch) {
        Knowledge known = workers.known();
        List<CompletableFuture<Void>> confirms = new ArrayList<>(batch.size());
        for (Delivery delivery : batch) {
            if (!delivery.handled()) {
                confirms.add(take(delivery, known).thenAccept(done -> done(delivery, done)));
            }
        }
        CompletableFuture.allOf(confirms.toArray(CompletableFuture[]::new)).join();
    }

    /**
     * What became of a message.
     *
     * @param task null if it could not be read
     * @param pool null if it goes to none
     */
    private record Done(Decided decided, @Nullable Envelope task, @Nullable String pool) {}

    private void done(Delivery delivery, Done done) {
        metrics.decided(done.decided(), done.task(), done.pool(), delivery.age());
        delivery.markHandled();
    }

    private CompletableFuture<Done> take(Delivery delivery, Knowledge known) {
        try {
            return route(delivery, known);
        } catch (NewerVersionException e) {
            return e.ingressKey(known.now())
                    .map(key -> postpone(delivery, key))
                    .orElseGet(() -> bury(delivery, e));
        } catch (UnreadableMessageException e) {
            return bury(delivery, e);
        }
    }

    private CompletableFuture<Done> bury(Delivery delivery, UnreadableMessageException why) {
        log.warn("a message cannot be read and becomes a dead letter: {}", why.getMessage());
        delivery.reject();
        return CompletableFuture.completedFuture(new Done(Decided.UNREADABLE, null, null));
    }

    /** A newer router will understand it; nothing of it changes meanwhile. */
    private CompletableFuture<Done> postpone(Delivery delivery, String key) {
        return publisher
                .publish(
                        new Outgoing(
                                Exchanges.retry(ladder.shortest().name()),
                                key,
                                true,
                                String.valueOf(delivery.properties().getMessageId()),
                                delivery.headers(),
                                delivery.wireBody()))
                .thenApply(confirmed -> new Done(Decided.NEWER, null, null));
    }

    private CompletableFuture<Done> route(Delivery delivery, Knowledge known) {
        Envelope came = Envelope.fromHeaders(delivery.headers());
        TaskSpan span = spans.process(Queues.ingress(came.priority()), came);
        Envelope task = came.traced(span.traceParent());
        WireBody body = delivery.wireBody();
        Decision decision =
                policy.decide(task, body.size(), () -> InputText.of(body.readable()), known);
        CompletableFuture<Done> done = follow(decision, task, delivery, known);
        describe(span, decision);
        return done.whenComplete((what, failure) -> span.end(failure));
    }

    private static void describe(TaskSpan span, Decision decision) {
        switch (decision) {
            case Decision.ToPool to ->
                    span.with(Attributes.OUTCOME, "pool").with(Attributes.POOL, to.pool());
            case Decision.ToQuarantine to ->
                    span.with(Attributes.OUTCOME, "quarantine").with(Attributes.POOL, to.pool());
            case Decision.Wait wait -> span.with(Attributes.OUTCOME, "wait");
            case Decision.Refuse refuse ->
                    span.with(Attributes.OUTCOME, "refuse")
                            .with(Attributes.ERROR_TYPE, refuse.failure().code().name());
        }
    }

    private CompletableFuture<Done> follow(
            Decision decision, Envelope task, Delivery delivery, Knowledge known) {
        return switch (decision) {
            case Decision.ToPool to -> {
                Envelope routed = task.routed(to.pool(), to.model(), to.why());
                note(to, routed, delivery);
                String key = RoutingKeys.work(task.type(), to.pool(), task.priority());
                yield toWork(routed, key, delivery, new Done(Decided.POOL, task, to.pool()));
            }
            case Decision.ToQuarantine to -> {
                Envelope routed = task.routed(to.pool(), to.model(), to.why());
                String key = RoutingKeys.quarantine(to.pool());
                yield toWork(routed, key, delivery, new Done(Decided.QUARANTINE, task, to.pool()));
            }
            case Decision.Wait wait ->
                    retry(waiting(task, known), delivery, new Done(Decided.WAIT, task, null));
            case Decision.Refuse refuse -> refuse(task, refuse.failure());
        };
    }

    private void note(Decision.ToPool to, Envelope routed, Delivery delivery) {
        policy.routed(routed, delivery.wireBody().size(), to, workers.known().now());
        Decision.Chosen chosen = to.chosen();
        if (chosen != null) {
            metrics.chose(
                    chosen.strategy().wire(),
                    chosen.reason().name().toLowerCase(Locale.ROOT),
                    to.pool());
        }
    }

    private CompletableFuture<Done> toWork(
            Envelope routed, String key, Delivery delivery, Done taken) {
        return publisher
                .publish(
                        new Outgoing(
                                Exchanges.WORK,
                                key,
                                true,
                                routed.messageId(),
                                headers(routed, delivery),
                                delivery.wireBody()))
                .handle((done, failure) -> failure)
                .thenComposeAsync(failure -> afterWork(routed, key, delivery, taken, failure));
    }

    private CompletableFuture<Done> afterWork(
            Envelope routed,
            String key,
            Delivery delivery,
            Done taken,
            @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException e && e.getCause() != null
                        ? e.getCause()
                        : failure;
        return switch (cause) {
            case null -> {
                events.publish(event(routed).sized(delivery.wireBody().size()));
                yield CompletableFuture.completedFuture(taken);
            }
            case UnroutableException e -> notTaken(routed, key, delivery, e);
            case RejectedByBrokerException e -> notTaken(routed, key, delivery, e);
            default -> CompletableFuture.failedFuture(cause);
        };
    }

    /**
     * One full or missing queue must not hold up the others: the message comes again, its attempt
     * unchanged.
     */
    private CompletableFuture<Done> notTaken(
            Envelope routed, String key, Delivery delivery, Throwable why) {
        try (var _ = LoggedTask.about(routed)) {
            log.warn("task {} could not go to {}: {}", routed.taskId(), key, why.getMessage());
        }
        return retry(routed, delivery, new Done(Decided.NOT_TAKEN, routed, routed.pool()));
    }

    private CompletableFuture<Done> retry(Envelope task, Delivery delivery, Done done) {
        return publisher
                .publish(
                        new Outgoing(
                                Exchanges.retry(ladder.shortest().name()),
                                RoutingKeys.ingress(task.priority(), task.type(), task.target()),
                                true,
                                task.messageId(),
                                headers(task, delivery),
                                delivery.wireBody()))
                .thenApply(confirmed -> done);
    }

    /**
     * A message that comes a second time may have been routed by whoever had it first: the worker
     * is told, so that it does not run both.
     */
    private static Map<String, Object> headers(Envelope task, Delivery delivery) {
        Map<String, Object> headers = task.toHeaders();
        if (delivery.repeated()) {
            headers.put(Headers.REPEATED, true);
        }
        return headers;
    }

    private CompletableFuture<Done> refuse(Envelope task, Failure failure) {
        Map<String, Object> headers = task.toHeaders();
        headers.put(Headers.OUTCOME, RoutingKeys.FAILED);
        headers.put(Headers.WORKER, name);
        return publisher
                .publish(
                        new Outgoing(
                                Exchanges.REPLIES,
                                RoutingKeys.reply(task.type(), RoutingKeys.FAILED),
                                true,
                                task.messageId(),
                                headers,
                                Json.bytes(failure)))
                .thenApply(
                        confirmed -> {
                            metrics.refused(failure.code());
                            return new Done(Decided.REFUSE, task, null);
                        });
    }

    private static Envelope waiting(Envelope task, Knowledge known) {
        return task.waitingSince() == null ? task.waitingSince(known.now()) : task;
    }

    private Event event(Envelope routed) {
        return new Event(
                Event.ROUTED,
                routed.taskId(),
                routed.type(),
                routed.epoch(),
                routed.attempt(),
                workers.known().now(),
                routed.pool(),
                routed.model(),
                null,
                null,
                null,
                routed.route());
    }
}
