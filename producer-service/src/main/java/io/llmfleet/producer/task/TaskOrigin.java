package io.llmfleet.producer.task;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for a task and on which way it came; what a request cannot say of itself.
 *
 * @param batch the batch that it came in, if any
 * @param replyTo where an AMQP client wants its result, if it does
 * @param traceParent W3C trace context, valid
 * @param webhookKind as what its end is announced to its webhook
 */
public record TaskOrigin(
        String tenant,
        @Nullable UUID batch,
        NewTask.@Nullable ReplyTo replyTo,
        String traceParent,
        WebhookKind webhookKind) {

    public TaskOrigin(
            String tenant,
            @Nullable UUID batch,
            NewTask.@Nullable ReplyTo replyTo,
            String traceParent) {
        this(tenant, batch, replyTo, traceParent, WebhookKind.TASK);
    }

    public static TaskOrigin of(String tenant, String traceParent) {
        return new TaskOrigin(tenant, null, null, traceParent);
    }

    public TaskOrigin inBatch(UUID id) {
        return new TaskOrigin(tenant, id, replyTo, traceParent, webhookKind);
    }

    public TaskOrigin announcedAs(WebhookKind kind) {
        return new TaskOrigin(tenant, batch, replyTo, traceParent, kind);
    }
}
