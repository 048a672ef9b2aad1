package io.llmfleet.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.llmfleet.metrics.LinkMetrics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads a stream in order, from an offset on; after a lost connection it goes on behind the last
 * message that it saw.
 */
public final class StreamReader implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(StreamReader.class);
    private static final String OFFSET = "x-stream-offset";
    private static final int PREFETCH = 200;

    private final String stream;
    private final Consumer<Delivery> handler;
    private final Subscription subscription;
    private final LinkMetrics.Stream metrics;
    private volatile Object nextOffset;
    private volatile boolean running;

    /**
     * @param offset {@code first}, {@code next} or a {@link java.util.Date}; where a stream holds
     *     nothing so young, a message that comes before the reader is open may be passed over
     * @param handler what it throws is logged, and the message counts as read
     */
    public StreamReader(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            String stream,
            Object offset,
            Consumer<Delivery> handler) {
        this.stream = stream;
        this.nextOffset = offset;
        this.handler = handler;
        this.metrics = metrics.stream(stream);
        this.subscription =
                new Subscription(
                        connectionFactory,
                        metrics,
                        LinkMetrics.Purpose.STREAM,
                        stream,
                        this::subscribe);
    }

    @Override
    public void start() {
        running = true;
        subscription.start();
    }

    @Override
    public void stop() {
        running = false;
        subscription.close();
    }

    /** Stops after the requests and tasks that are under way, which wait for what is read here. */
    @Override
    public int getPhase() {
        return StopPhases.AFTER_REQUESTS;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Whether it is connected, which says nothing of how far it has read. */
    public boolean isOpen() {
        return subscription.isOpen();
    }

    private void subscribe(Channel channel) throws IOException {
        channel.basicQos(PREFETCH);
        channel.basicConsume(stream, false, Map.of(OFFSET, nextOffset), new Reader(channel));
    }

    private void handle(Delivery delivery) {
        Date published = delivery.properties().getTimestamp();
        Instant now = Instant.now();
        metrics.read(
                published == null ? Duration.ZERO : Duration.between(published.toInstant(), now));
        try {
            handler.accept(delivery);
        } catch (RuntimeException e) {
            log.warn("a message of stream {} was passed over: {}", stream, e.toString());
        }
        if (delivery.headers().get(OFFSET) instanceof Number offset) {
            nextOffset = offset.longValue() + 1;
        }
    }

    private final class Reader extends DefaultConsumer {

        Reader(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(
                String consumerTag,
                Envelope envelope,
                AMQP.BasicProperties properties,
                byte[] body) {
            handle(new Delivery(envelope, properties, body));
            try {
                getChannel().basicAck(envelope.getDeliveryTag(), false);
            } catch (IOException | AlreadyClosedException e) {
                log.debug("stream {} lost: {}", stream, e.toString());
            }
        }

        @Override
        public void handleCancel(String consumerTag) {
            Thread.ofVirtual().start(subscription::renew);
        }
    }
}
