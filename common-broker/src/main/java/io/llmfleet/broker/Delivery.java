package io.llmfleet.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.UnreadableMessageException;
import io.llmfleet.wire.WireBody;
import java.time.Duration;
import java.util.Map;

/** A message that was delivered and is not settled yet. */
public final class Delivery {

    private static final String DELIVERY_COUNT = "x-delivery-count";

    private final Envelope envelope;
    private final AMQP.BasicProperties properties;
    private final WireBody body;
    private final long arrivedNanos = System.nanoTime();
    private volatile boolean rejected;
    private volatile boolean handled;

    Delivery(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        this.envelope = envelope;
        this.properties = properties;
        this.body = new WireBody(body, properties.getContentEncoding());
    }

    public long tag() {
        return envelope.getDeliveryTag();
    }

    /** Whether an earlier delivery of the message may have been worked on. */
    public boolean redelivered() {
        return envelope.isRedeliver()
                || headers().get(DELIVERY_COUNT) instanceof Number n && n.longValue() > 0;
    }

    /**
     * Whether a message that follows from this one may be there already: what is published because
     * of it has to say so, too.
     */
    public boolean repeated() {
        return redelivered() || headers().containsKey(Headers.REPEATED);
    }

    public String exchange() {
        return envelope.getExchange();
    }

    public String routingKey() {
        return envelope.getRoutingKey();
    }

    public AMQP.BasicProperties properties() {
        return properties;
    }

    /** As they came, foreign ones included; text values answer {@code toString()}. */
    public Map<String, Object> headers() {
        Map<String, Object> headers = properties.getHeaders();
        return headers == null ? Map.of() : headers;
    }

    /**
     * The JSON, inflated if it travelled compressed.
     *
     * @throws UnreadableMessageException if it cannot be inflated
     */
    public byte[] body() {
        return body.decoded();
    }

    /** The body as it came, for a message that is passed on. */
    public WireBody wireBody() {
        return body;
    }

    /** For how long it has been here. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - arrivedNanos);
    }

    /**
     * Sends this message to its queue's dead-letter exchange when its batch is settled, instead of
     * acknowledging it.
     */
    public void reject() {
        rejected = true;
    }

    /**
     * Remembers that all is done for this message, for a handler that gets its batch again because
     * of another one.
     */
    public void markHandled() {
        handled = true;
    }

    public boolean handled() {
        return handled;
    }

    boolean rejected() {
        return rejected;
    }
}
