package io.llmfleet.producer.api.amqp;

import io.llmfleet.broker.Delivery;
import io.llmfleet.broker.Outgoing;
import io.llmfleet.model.Defaults;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Names;
import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Limit;
import io.llmfleet.producer.deadletter.DeadLetters;
import io.llmfleet.producer.limit.Account;
import io.llmfleet.producer.limit.LimitExceededException;
import io.llmfleet.producer.limit.Limits;
import io.llmfleet.producer.task.DuplicateTaskException;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.producer.task.OverloadedException;
import io.llmfleet.producer.task.ParsedTask;
import io.llmfleet.producer.task.StoreUnavailableException;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.tracing.Attributes;
import io.llmfleet.tracing.Spans;
import io.llmfleet.tracing.TaskSpan;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.UnreadableMessageException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts what AMQP clients publish to their submit exchange like tasks over REST; the exchange
 * says who the tenant is. What a client leads there from an exchange of its own has that one's
 * name, which is the client's choice, and is refused.
 *
 * <p>A batch is acknowledged when each of its messages is accepted or kept as a dead letter. A
 * client that sets a message id has its task accepted once, however often the message is delivered.
 */
final class AmqpSubmissions {

    private static final Logger log = LoggerFactory.getLogger(AmqpSubmissions.class);
    private static final int LONGEST_PROPERTY = 200;
    private static final String LONGEST_OUTCOME = "succeeded";

    private final Tasks tasks;
    private final TaskRequestParser parser;
    private final Limits limits;
    private final DeadLetters deadLetters;
    private final Spans spans;

    /** Of the batch that is being handled again: what was accepted the first time. */
    private final Set<Delivery> acceptedBefore = Collections.newSetFromMap(new IdentityHashMap<>());

    AmqpSubmissions(
            Tasks tasks,
            TaskRequestParser parser,
            Limits limits,
            DeadLetters deadLetters,
            Spans spans) {
        this.tasks = tasks;
        this.parser = parser;
        this.limits = limits;
        this.deadLetters = deadLetters;
        this.spans = spans;
    }

    void handle(List<Delivery> batch) {
        Map<Delivery, CompletableFuture<TaskView>> accepted = new LinkedHashMap<>();
        RuntimeException failure = null;
        for (Delivery delivery : batch) {
            try {
                if (!acceptedBefore.contains(delivery)) {
                    accept(delivery).ifPresent(task -> accepted.put(delivery, task));
                }
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        for (Map.Entry<Delivery, CompletableFuture<TaskView>> entry : accepted.entrySet()) {
            try {
                join(entry.getValue());
                acceptedBefore.add(entry.getKey());
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        acceptedBefore.clear();
    }

    private Optional<CompletableFuture<TaskView>> accept(Delivery delivery) {
        if (!delivery.exchange().startsWith(Exchanges.SUBMIT_PREFIX)) {
            keep(null, delivery, "it was not published to a submit exchange of the fleet");
            return Optional.empty();
        }
        String user = delivery.exchange().substring(Exchanges.SUBMIT_PREFIX.length());
        byte[] body;
        try {
            body = delivery.wireBody().decoded(Defaults.MAX_REQUEST_BYTES);
        } catch (UnreadableMessageException e) {
            keep(user, delivery, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
        String refusal = refusal(user, delivery, body.length);
        if (refusal != null) {
            keep(user, delivery, refusal);
            return Optional.empty();
        }
        return accept(user, delivery, body);
    }

    private Optional<CompletableFuture<TaskView>> accept(
            String user, Delivery delivery, byte[] body) {
        Object trace = delivery.headers().get(Headers.TRACE_PARENT);
        TaskSpan span = spans.accept(Queues.SUBMIT, trace == null ? null : trace.toString());
        return switch (parse(user, delivery, body, span.traceParent())) {
            case ParsedTask.Valid valid -> {
                span.with(Attributes.TASK_ID, valid.task().id().toString());
                yield submit(user, valid.task(), delivery, span);
            }
            case ParsedTask.Invalid invalid -> {
                span.fail(FailureCode.INVALID_INPUT.name());
                keep(user, delivery, text(invalid.errors()));
                yield Optional.empty();
            }
        };
    }

    private ParsedTask parse(String user, Delivery delivery, byte[] body, String traceParent) {
        String[] key = delivery.routingKey().split("\\.", 2);
        String target = key.length < 2 || key[1].isEmpty() ? Names.ANY : key[1];
        int depth = (int) limits(user).whole(Limit.JSON_DEPTH).orElse(Defaults.MAX_JSON_DEPTH);
        TaskOrigin origin =
                TaskOrigin.of(user, null, traceParent)
                        .answeringTo(replyTo(user, delivery))
                        .nestedUpTo(depth);
        return parser.parse(body, key[0], target, origin);
    }

    private KeyLimits limits(String user) {
        return limits.of(new Account(user, null));
    }

    /** Nobody waits for an answer who could come again, so what a limit refuses is kept, too. */
    private Optional<CompletableFuture<TaskView>> submit(
            String user, NewTask task, Delivery delivery, TaskSpan span) {
        try {
            return Optional.of(
                    submit(task, delivery).whenComplete((accepted, failure) -> span.end(failure)));
        } catch (LimitExceededException e) {
            span.end(e);
            keep(user, delivery, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private CompletableFuture<TaskView> submit(NewTask task, Delivery delivery) {
        String messageId = delivery.properties().getMessageId();
        return messageId == null || messageId.isEmpty()
                ? tasks.submit(task)
                : tasks.submitOnce(task, new OnceKey("amqp:" + messageId, null));
    }

    /** Without a return address the result is not sent; the task can be looked up all the same. */
    private static NewTask.@Nullable ReplyTo replyTo(String user, Delivery delivery) {
        String address = delivery.properties().getReplyTo();
        return address == null || address.isEmpty()
                ? null
                : new NewTask.ReplyTo(user, address, delivery.properties().getCorrelationId());
    }

    private @Nullable String refusal(String user, Delivery delivery, int size) {
        long accepted = limits(user).whole(Limit.BODY_SIZE).orElse(Long.MAX_VALUE);
        if (size > accepted) {
            return "the body has " + size + " bytes; accepted: up to " + accepted + " bytes";
        }
        LimitExceededException exceeded = limits.request(new Account(user, null)).refusal();
        return exceeded == null ? propertyError(user, delivery) : exceeded.getMessage();
    }

    private static @Nullable String propertyError(String user, Delivery delivery) {
        var properties = delivery.properties();
        for (String value :
                new String[] {
                    properties.getReplyTo(),
                    properties.getCorrelationId(),
                    properties.getMessageId()
                }) {
            if (value != null && (value.length() > LONGEST_PROPERTY || value.indexOf('\0') >= 0)) {
                return "reply_to, correlation_id and message_id have up to "
                        + LONGEST_PROPERTY
                        + " characters and no NUL";
            }
        }
        int room = roomForReplyTo(user, delivery.routingKey());
        String replyTo = properties.getReplyTo();
        return replyTo == null || bytes(ReturnAddress.of(replyTo).address()) <= room
                ? null
                : "reply_to is the end of the result's routing key and has room for "
                        + room
                        + " bytes here";
    }

    private static int roomForReplyTo(String user, String routingKey) {
        String type = routingKey.split("\\.", 2)[0];
        return Outgoing.SHORT_STRING - bytes(RoutingKeys.result(type, LONGEST_OUTCOME, user, ""));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private void keep(@Nullable String user, Delivery delivery, String reason) {
        // The reason may name fields as the message does; the dead letter has it.
        log.warn("a message of client {} is no task and becomes a dead letter", user);
        Map<String, Object> headers = new HashMap<>(delivery.headers());
        headers.put("message-id", String.valueOf(delivery.properties().getMessageId()));
        headers.put("routing-key", delivery.routingKey());
        deadLetters.keep(user, Queues.SUBMIT, headers, delivery.wireBody().readable(), reason);
    }

    private static String text(List<FieldError> errors) {
        return errors.stream()
                .map(e -> e.field() + " " + e.message())
                .collect(Collectors.joining("; "));
    }

    /** A store that is away, or a fleet that is full, keeps the whole batch waiting. */
    private static void join(CompletableFuture<TaskView> accepted) {
        try {
            accepted.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case DuplicateTaskException duplicate -> log.debug("accepted before");
                case StoreUnavailableException away -> throw away;
                case OverloadedException full -> throw full;
                case null, default -> throw e;
            }
        }
    }
}
