package io.llmfleet.worker.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.llmfleet.broker.Subscription;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.WireBody;
import io.llmfleet.worker.execution.WorkItem;
import io.llmfleet.worker.metrics.WorkMeters;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * One work queue, consumed by as many consumers as are wanted at the moment, each of which holds at
 * most one message.
 *
 * <p>A consumer that is given up leaves the message that it holds alone; it just gets no other.
 */
final class AmqpLane implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AmqpLane.class);
    private static final String DELIVERY_COUNT = "x-delivery-count";

    private final String queue;
    private final Consumer<WorkItem> sink;
    private final Runnable lost;
    private final Subscription subscription;
    private final WorkMeters meters;
    private final ArrayDeque<String> consumers = new ArrayDeque<>();
    private @Nullable Channel channel;
    private int wanted;

    /**
     * @param wanted how many consumers to begin with
     * @param sink takes messages; must not block
     * @param lost is told that the broker has deleted the queue
     */
    AmqpLane(
            ConnectionFactory connectionFactory,
            LinkMetrics links,
            WorkMeters meters,
            String queue,
            int wanted,
            Consumer<WorkItem> sink,
            Runnable lost) {
        this.queue = queue;
        this.wanted = wanted;
        this.sink = sink;
        this.lost = lost;
        this.meters = meters;
        this.subscription =
                new Subscription(
                        connectionFactory,
                        links,
                        LinkMetrics.Purpose.CONSUME,
                        queue,
                        this::subscribe);
    }

    void start() {
        subscription.start();
    }

    synchronized int wanted() {
        return wanted;
    }

    /** Adds consumers or gives some up. */
    synchronized void want(int count) {
        wanted = count;
        Channel current = channel;
        if (current == null || !current.isOpen()) {
            return;
        }
        try {
            adjust(current);
        } catch (IOException | AlreadyClosedException e) {
            log.debug("{} was lost while its consumers changed: {}", queue, e.toString());
        }
    }

    /** Takes no more messages; those that it delivered can still be settled. */
    void stopConsuming() {
        want(0);
    }

    @Override
    public void close() {
        subscription.close();
    }

    private synchronized void subscribe(Channel opened) throws IOException {
        channel = opened;
        consumers.clear();
        opened.basicQos(1);
        adjust(opened);
    }

    private void adjust(Channel current) throws IOException {
        while (consumers.size() < wanted) {
            consumers.add(current.basicConsume(queue, false, new Arrivals(current)));
        }
        while (consumers.size() > wanted) {
            current.basicCancel(consumers.removeLast());
        }
    }

    private final class Arrivals extends DefaultConsumer {

        Arrivals(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(
                String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            sink.accept(new Item(getChannel(), envelope, properties, body, meters));
        }

        @Override
        public void handleCancel(String tag) {
            log.warn("the broker cancelled a consumer of {}", queue);
            Thread.ofVirtual()
                    .start(
                            () -> {
                                lost.run();
                                subscription.renew();
                            });
        }
    }

    /** A message on the channel that delivered it. */
    private static final class Item implements WorkItem {

        private final Channel channel;
        private final long tag;
        private final boolean redelivered;
        private final Map<String, Object> headers;
        private final WireBody body;
        private final WorkMeters.Kind kind;

        Item(
                Channel channel,
                Envelope envelope,
                AMQP.BasicProperties properties,
                byte[] body,
                WorkMeters meters) {
            this.channel = channel;
            this.tag = envelope.getDeliveryTag();
            this.headers = properties.getHeaders() == null ? Map.of() : properties.getHeaders();
            this.redelivered =
                    envelope.isRedeliver()
                            || headers.get(DELIVERY_COUNT) instanceof Number n && n.longValue() > 0;
            this.body = new WireBody(body, properties.getContentEncoding());
            this.kind = meters.kindOf(headers);
        }

        @Override
        public boolean redelivered() {
            return redelivered;
        }

        @Override
        public boolean repeated() {
            return headers.containsKey(Headers.REPEATED);
        }

        @Override
        public boolean gone() {
            return !channel.isOpen();
        }

        @Override
        public WorkMeters.Kind kind() {
            return kind;
        }

        @Override
        public Map<String, Object> headers() {
            return headers;
        }

        @Override
        public byte[] body() {
            return body.decoded();
        }

        @Override
        public WireBody wireBody() {
            return body;
        }

        @Override
        public void ack() {
            settle(() -> channel.basicAck(tag, false));
        }

        @Override
        public void reject() {
            settle(() -> channel.basicReject(tag, false));
        }

        @FunctionalInterface
        private interface Settlement {
            void run() throws IOException;
        }

        private static void settle(Settlement settlement) {
            try {
                settlement.run();
            } catch (IOException | AlreadyClosedException e) {
                log.debug("a message was taken back before it was settled: {}", e.toString());
            }
        }
    }
}
