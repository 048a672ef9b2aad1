package io.llmfleet.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.llmfleet.metrics.LinkMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Consumes a queue in natural batches: all that arrived while the batch before was being handled.
 *
 * <p>A batch is settled after its handler has returned, never before. A handler that throws (the
 * store or the broker is away) keeps its batch and gets it again a second later; nothing is
 * requeued, so an outage burns no deliveries.
 *
 * <ul>
 *   <li>I1: deliveries of a channel are settled in their order, by one thread.
 *   <li>I2: what a lost channel delivered is never settled on another one; the broker delivers it
 *       again.
 * </ul>
 */
public final class BatchConsumer implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(BatchConsumer.class);
    private static final Duration HANDLER_RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 200;

    private final String queue;
    private final int prefetch;
    private final int maxBatch;
    private final Consumer<List<Delivery>> handler;
    private final Subscription subscription;
    private final LinkMetrics.Consumer metrics;
    private volatile boolean running;
    private volatile @Nullable Session session;
    private volatile int handling;
    private volatile int phase = DEFAULT_PHASE;
    private @Nullable Thread worker;

    private record Session(Channel channel, BlockingQueue<Delivery> arrived) {

        /** For a session that is over: nobody will look into it any more. */
        void abandon(LinkMetrics.Consumer metrics) {
            metrics.abandoned(arrived.drainTo(new ArrayList<>()));
        }
    }

    /**
     * @param prefetch how many messages may be here unsettled
     * @param handler does all that must be done before the batch is acknowledged; after it has
     *     thrown, it gets the same deliveries again
     */
    public BatchConsumer(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            String queue,
            int prefetch,
            int maxBatch,
            Consumer<List<Delivery>> handler) {
        this.queue = queue;
        this.prefetch = prefetch;
        this.maxBatch = maxBatch;
        this.handler = handler;
        this.metrics = metrics.consumer(queue, this::held);
        this.subscription =
                new Subscription(
                        connectionFactory,
                        metrics,
                        LinkMetrics.Purpose.CONSUME,
                        queue,
                        this::subscribe);
    }

    /** Makes it one that requests which are under way wait for; others stop before them. */
    public BatchConsumer stopsAfterRequests() {
        phase = StopPhases.AFTER_REQUESTS;
        return this;
    }

    @Override
    public int getPhase() {
        return phase;
    }

    @Override
    public void start() {
        running = true;
        worker = Thread.ofPlatform().name("consume-" + queue).start(this::work);
        subscription.start();
    }

    /**
     * Finishes the batch that is being handled; what was not begun is delivered again, here or
     * elsewhere.
     */
    @Override
    public void stop() {
        running = false;
        Thread current = worker;
        if (current != null) {
            try {
                current.join(STOP_LIMIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            current.interrupt();
        }
        subscription.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Whether there is a channel that consumes. */
    public boolean isOpen() {
        return subscription.isOpen();
    }

    private void subscribe(Channel channel) throws IOException {
        Session opened = new Session(channel, new LinkedBlockingQueue<>());
        Session last = session;
        session = opened;
        if (last != null) {
            last.abandon(metrics);
        }
        channel.basicQos(prefetch);
        channel.basicConsume(queue, false, new Arrivals(opened));
    }

    private int held() {
        Session current = session;
        return handling + (current == null ? 0 : current.arrived().size());
    }

    private void work() {
        List<Delivery> batch = new ArrayList<>(maxBatch);
        while (running) {
            try {
                Session current = session;
                if (current == null || !current.channel().isOpen()) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                    continue;
                }
                Delivery first = current.arrived().poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    current.arrived().drainTo(batch, maxBatch - 1);
                    handling = batch.size();
                    handleAndSettle(current.channel(), batch);
                }
            } catch (InterruptedException e) {
                return;
            } finally {
                batch.clear();
                handling = 0;
            }
        }
    }

    private void handleAndSettle(Channel channel, List<Delivery> batch)
            throws InterruptedException {
        if (handle(channel, batch)) {
            settle(channel, batch);
        } else {
            int handled = (int) batch.stream().filter(Delivery::handled).count();
            metrics.repeated(handled);
            metrics.abandoned(batch.size() - handled);
        }
    }

    /** Tries until it is done; false if the channel was lost before, or the service stops. */
    private boolean handle(Channel channel, List<Delivery> batch) throws InterruptedException {
        boolean warned = false;
        while (channel.isOpen()) {
            try {
                handler.accept(List.copyOf(batch));
                return true;
            } catch (RuntimeException e) {
                if (!warned) {
                    log.warn("{} messages of {} wait: {}", batch.size(), queue, e.toString());
                    log.debug("why they wait", e);
                    warned = true;
                }
                if (!running) {
                    return false;
                }
                Thread.sleep(HANDLER_RETRY_DELAY);
            }
        }
        return false;
    }

    private void settle(Channel channel, List<Delivery> batch) {
        try {
            long acceptedUpTo = 0;
            int rejected = 0;
            for (Delivery d : batch) {
                if (d.rejected()) {
                    ackUpTo(channel, acceptedUpTo);
                    acceptedUpTo = 0;
                    channel.basicReject(d.tag(), false);
                    rejected++;
                } else {
                    acceptedUpTo = d.tag();
                }
            }
            ackUpTo(channel, acceptedUpTo);
            metrics.acknowledged(batch.size() - rejected);
            metrics.rejected(rejected);
        } catch (IOException | AlreadyClosedException e) {
            metrics.repeated(batch.size());
            log.debug(
                    "{} was lost before {} messages were settled: {}",
                    queue,
                    batch.size(),
                    e.toString());
        }
    }

    private static void ackUpTo(Channel channel, long tag) throws IOException {
        if (tag > 0) {
            channel.basicAck(tag, true);
        }
    }

    private final class Arrivals extends DefaultConsumer {

        private final Session of;

        Arrivals(Session of) {
            super(of.channel());
            this.of = of;
        }

        @Override
        public void handleDelivery(
                String consumerTag,
                Envelope envelope,
                AMQP.BasicProperties properties,
                byte[] body) {
            metrics.received();
            of.arrived().add(new Delivery(envelope, properties, body));
            if (!of.equals(session)) {
                of.abandon(metrics);
            }
        }

        @Override
        public void handleCancel(String consumerTag) {
            log.warn("the broker cancelled the consumer of {}", queue);
            Thread.ofVirtual().start(subscription::renew);
        }
    }
}
