package io.llmfleet.producer.task;

import io.llmfleet.model.Defaults;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for a task and on which way it came; what a request cannot say of itself.
 *
 * @param key the API key that it came with; null for an AMQP client's
 * @param batch the batch that it came in, if any
 * @param replyTo where an AMQP client wants its result, if it does
 * @param traceParent W3C trace context, valid
 * @param depth how deep its JSON may be nested
 * @param webhookKind as what its end is announced to its webhook
 */
public record TaskOrigin(
        String tenant,
        @Nullable UUID key,
        @Nullable UUID batch,
        NewTask.@Nullable ReplyTo replyTo,
        String traceParent,
        int depth,
        WebhookKind webhookKind) {

    public static TaskOrigin of(String tenant, @Nullable UUID key, String traceParent) {
        return new TaskOrigin(
                tenant, key, null, null, traceParent, Defaults.MAX_JSON_DEPTH, WebhookKind.TASK);
    }

    public TaskOrigin answeringTo(NewTask.@Nullable ReplyTo address) {
        return new TaskOrigin(tenant, key, batch, address, traceParent, depth, webhookKind);
    }

    public TaskOrigin inBatch(UUID id) {
        return new TaskOrigin(tenant, key, id, replyTo, traceParent, depth, webhookKind);
    }

    public TaskOrigin nestedUpTo(int levels) {
        return new TaskOrigin(tenant, key, batch, replyTo, traceParent, levels, webhookKind);
    }

    public TaskOrigin announcedAs(WebhookKind kind) {
        return new TaskOrigin(tenant, key, batch, replyTo, traceParent, depth, kind);
    }
}
