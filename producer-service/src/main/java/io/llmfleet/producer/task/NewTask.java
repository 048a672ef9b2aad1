package io.llmfleet.producer.task;

import io.llmfleet.model.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task that was checked and may be accepted.
 *
 * @param key the API key that it came with; null for an AMQP client's
 * @param input fits the type's input schema
 * @param parameters of the backend call, passed on as they are
 * @param turn its place in the conversation, if it is in one
 * @param webhookKind as what its end is announced there
 * @param batch the batch that it came in, if any
 * @param replyTo where an AMQP client wants its result, if it does
 * @param lineage its place among tasks that delegate; null if it has none
 */
public record NewTask(
        UUID id,
        String tenant,
        @Nullable UUID key,
        String type,
        String target,
        Priority priority,
        JsonNode input,
        @Nullable JsonNode parameters,
        Instant deadline,
        Duration callLimit,
        @Nullable String conversation,
        TurnOptions turn,
        Map<String, String> metadata,
        @Nullable String webhook,
        WebhookKind webhookKind,
        @Nullable UUID batch,
        @Nullable ReplyTo replyTo,
        String traceParent,
        @Nullable Lineage lineage) {

    /** The same under an id that was chosen before. */
    public NewTask as(UUID chosen) {
        return new NewTask(
                chosen,
                tenant,
                key,
                type,
                target,
                priority,
                input,
                parameters,
                deadline,
                callLimit,
                conversation,
                turn,
                metadata,
                webhook,
                webhookKind,
                batch,
                replyTo,
                traceParent,
                lineage);
    }

    /** The same in a tree of tasks. */
    public NewTask with(Lineage place) {
        return new NewTask(
                id,
                tenant,
                key,
                type,
                target,
                priority,
                input,
                parameters,
                deadline,
                callLimit,
                conversation,
                turn,
                metadata,
                webhook,
                webhookKind,
                batch,
                replyTo,
                traceParent,
                place);
    }

    /**
     * An AMQP client's return address.
     *
     * @param address last part of the result's routing key
     * @param correlationId given back in the result's properties
     */
    public record ReplyTo(String user, String address, @Nullable String correlationId) {}
}
