package io.llmfleet.broker;

import com.rabbitmq.client.AMQP;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.WireBody;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A message to publish; its properties are built anew, so nothing of a message that was consumed
 * travels on by accident.
 *
 * @param mandatory whether a message that no queue takes fails with {@link UnroutableException}
 * @param messageId kept when the message is sent again
 * @param headers only the fleet's own ({@value Headers#PREFIX}*) and the trace context are sent
 * @param correlationId an AMQP client's own, given back to it
 */
public record Outgoing(
        String exchange,
        String routingKey,
        boolean mandatory,
        String messageId,
        Map<String, Object> headers,
        WireBody body,
        @Nullable String correlationId) {

    /** The longest key in bytes: AMQP 0-9-1, short strings. */
    public static final int SHORT_STRING = 255;

    private static final int PERSISTENT = 2;

    public Outgoing(
            String exchange,
            String routingKey,
            boolean mandatory,
            String messageId,
            Map<String, Object> headers,
            WireBody body) {
        this(exchange, routingKey, mandatory, messageId, headers, body, null);
    }

    /** A message whose JSON travels as it is. */
    public Outgoing(
            String exchange,
            String routingKey,
            boolean mandatory,
            String messageId,
            Map<String, Object> headers,
            byte[] json) {
        this(exchange, routingKey, mandatory, messageId, headers, WireBody.json(json), null);
    }

    /**
     * Whether AMQP can carry it. One that it cannot must not be tried: the channel would count it,
     * and match every later confirm with the wrong message.
     */
    public boolean fits() {
        return Stream.of(
                        exchange,
                        routingKey,
                        messageId,
                        Objects.requireNonNullElse(correlationId, ""))
                .allMatch(text -> text.getBytes(StandardCharsets.UTF_8).length <= SHORT_STRING);
    }

    /**
     * @param again whether the broker may have the message already
     */
    AMQP.BasicProperties properties(long publishId, boolean again) {
        Map<String, Object> own = new HashMap<>(headers.size() * 2);
        headers.forEach(
                (name, value) -> {
                    if (isOwn(name)) {
                        own.put(name, value);
                    }
                });
        if (again) {
            own.put(Headers.REPEATED, true);
        }
        if (mandatory) {
            own.put(Headers.PUBLISH_ID, publishId);
        }
        return new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .contentEncoding(body.encoding())
                .deliveryMode(PERSISTENT)
                .messageId(messageId)
                .timestamp(new Date())
                .correlationId(correlationId)
                .headers(own)
                .build();
    }

    private static boolean isOwn(String header) {
        return header.startsWith(Headers.PREFIX)
                || header.equals(Headers.TRACE_PARENT)
                || header.equals(Headers.TRACE_STATE);
    }
}
