package io.llmfleet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.MessageProperties;
import io.llmfleet.metrics.LinkMetrics;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A message is settled after it was handled, whatever happens meanwhile. */
class BatchConsumerIT {

    private static final String QUEUE = "tested.q";
    private static final String DEAD = "dead.q";
    private static final int PREFETCH = 20;
    private static final int BATCH = 10;

    private final Collection<String> handled = new ConcurrentLinkedQueue<>();
    private final LinkMeters meters = new LinkMeters();
    private BrokerUnderTest broker;
    private BatchConsumer consumer;

    @BeforeEach
    void start() throws Exception {
        broker = new BrokerUnderTest();
        broker.exchange("dead");
        broker.queue(DEAD, Map.of());
        broker.channel().queueBind(DEAD, "dead", "#");
        declare();
    }

    @AfterEach
    void stop() throws Exception {
        consumer.stop();
        await().untilAsserted(() -> assertThat(meters.unaccountedReceived()).isZero());
        broker.close();
    }

    @Test
    void handlesEachMessageOnceInOrder() throws Exception {
        AtomicInteger largest = new AtomicInteger();
        publish(0, 100);
        consume(
                batch -> {
                    largest.accumulateAndGet(batch.size(), Math::max);
                    remember(batch);
                });

        await().until(() -> handled.size() == 100);
        assertThat(handled).containsExactlyElementsOf(names(0, 100));
        assertThat(largest.get()).isBetween(1, BATCH);
        await().until(() -> unsettled() == 0);
    }

    @Test
    void handlerThatFailsKeepsItsBatchAndGetsItAgain() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean redelivered = new AtomicBoolean();
        publish(0, 30);
        consume(
                batch -> {
                    batch.forEach(d -> redelivered.compareAndSet(false, d.redelivered()));
                    if (failures.getAndIncrement() < 2) {
                        throw new IllegalStateException("the store is away");
                    }
                    remember(batch);
                });

        await().until(() -> handled.size() == 30);
        assertThat(handled).containsExactlyElementsOf(names(0, 30));
        assertThat(redelivered).isFalse();
        await().until(() -> unsettled() == 0);
        assertThat(broker.depth(DEAD)).isZero();
    }

    @Test
    void rejectedMessagesAndNoOthersAreDead() throws Exception {
        publish(0, 50);
        consume(
                batch -> {
                    for (Delivery d : batch) {
                        if (Integer.parseInt(text(d)) % 7 == 3) {
                            d.reject();
                        }
                    }
                    remember(batch);
                });

        await().until(() -> broker.depth(DEAD) == 7);
        await().until(() -> unsettled() == 0);
        assertThat(meters.sum(LinkMetrics.CONSUMER_SETTLED, "outcome", "rejected")).isEqualTo(7);
        for (int i = 3; i < 50; i += 7) {
            assertThat(new String(broker.take(DEAD).getBody())).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void whatACutConnectionHeldIsDeliveredAgain() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        AtomicInteger redelivered = new AtomicInteger();
        publish(0, 50);
        consume(
                batch -> {
                    if (first.getAndSet(false)) {
                        pass(cut);
                    }
                    batch.stream()
                            .filter(Delivery::redelivered)
                            .forEach(d -> redelivered.incrementAndGet());
                    remember(batch);
                });

        await().until(consumer::isOpen);
        broker.cut();
        // acknowledgements that a dying connection still takes would count, and be lost
        await().until(() -> !consumer.isOpen());
        cut.countDown();

        await().until(() -> handled.containsAll(names(0, 50)));
        await().until(() -> unsettled() == 0);
        assertThat(redelivered.get()).isPositive();
        assertThat(meters.sum(LinkMetrics.CONSUMER_RECEIVED)).isGreaterThan(50);
        assertThat(meters.sum(LinkMetrics.CONSUMER_SETTLED, "outcome", "acknowledged"))
                .isEqualTo(50);
        assertThat(broker.depth(DEAD)).isZero();
    }

    @Test
    void queueThatIsDeletedAndMadeAgainIsConsumedAgain() throws Exception {
        publish(0, 5);
        consume(this::remember);
        await().until(() -> handled.size() == 5);

        broker.channel().queueDelete(QUEUE);
        // 3.10 tells no consumer of a queue that is there again within milliseconds
        await().until(() -> !consumer.isOpen());
        declare();
        publish(5, 10);

        await().until(() -> handled.size() == 10);
    }

    @Test
    void stopFinishesTheBatchInHandAndLeavesTheRest() throws Exception {
        CountDownLatch inHand = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        publish(0, 50);
        consume(
                batch -> {
                    inHand.countDown();
                    pass(goOn);
                    remember(batch);
                });
        pass(inHand);

        Thread stopping = Thread.ofVirtual().start(consumer::stop);
        await().until(() -> !consumer.isRunning());
        goOn.countDown();
        stopping.join();

        assertThat(handled.size()).isBetween(1, BATCH);
        await().until(() -> broker.depth(QUEUE) == 50 - handled.size());
    }

    private void consume(Consumer<List<Delivery>> handler) {
        consumer =
                new BatchConsumer(
                        broker.factory(), meters.metrics(), QUEUE, PREFETCH, BATCH, handler);
        consumer.start();
    }

    private void remember(List<Delivery> batch) {
        batch.forEach(d -> handled.add(text(d)));
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Delivery delivery) {
        return new String(delivery.body());
    }

    private void declare() throws IOException {
        broker.queue(QUEUE, Map.of("x-delivery-limit", 20, "x-dead-letter-exchange", "dead"));
    }

    private void publish(int from, int to) throws IOException {
        for (String name : names(from, to)) {
            broker.channel()
                    .basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, name.getBytes());
        }
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    /** What would come back if the consumer's connection were lost now. */
    private long unsettled() throws IOException {
        consumer.stop();
        return broker.depth(QUEUE);
    }
}
