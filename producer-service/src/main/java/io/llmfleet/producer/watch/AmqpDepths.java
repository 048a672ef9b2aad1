package io.llmfleet.producer.watch;

import com.rabbitmq.client.Channel;
import io.llmfleet.model.Priority;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.WorkerInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * Counts messages that carry tasks or replies: those in queues, by passive declare, and those that
 * workers hold.
 */
final class AmqpDepths implements LongSupplier {

    /** What a worker may hold beyond what it runs, once all its slots are busy. */
    private static final int UNSTARTED = 4;

    private final ConnectionFactory connectionFactory;
    private final Workers workers;
    private final List<String> queues = new ArrayList<>(List.of(Queues.REPLIES, Queues.DEAD));

    AmqpDepths(
            ConnectionFactory connectionFactory,
            Workers workers,
            List<String> pools,
            RetryLadder ladder) {
        this.connectionFactory = connectionFactory;
        this.workers = workers;
        for (Priority priority : Priority.values()) {
            queues.add(Queues.ingress(priority));
            pools.forEach(pool -> queues.add(Queues.work(pool, priority)));
        }
        pools.forEach(pool -> queues.add(Queues.quarantine(pool)));
        ladder.levels().forEach(level -> queues.add(Queues.retry(level.name())));
    }

    @Override
    public long getAsLong() {
        long sum = workers.live().stream().mapToLong(AmqpDepths::held).sum();
        for (String queue : queues) {
            sum += depth(queue);
        }
        return sum;
    }

    private static long held(WorkerInfo worker) {
        return worker.running() + (worker.running() >= worker.slots() ? UNSTARTED : 0);
    }

    /** A queue that is gone has nothing in it; the question closes its channel then. */
    private long depth(String queue) {
        try (Channel channel = connectionFactory.createConnection().getDelegate().createChannel()) {
            return channel.messageCount(queue);
        } catch (IOException | TimeoutException e) {
            return 0;
        }
    }
}
