package io.llmfleet.producer.watch;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.llmfleet.model.Priority;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.WorkerInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
        return workers.live().stream().mapToLong(AmqpDepths::held).sum()
                + byQueue().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Queues that are gone are left out. */
    Map<String, Long> byQueue() {
        Map<String, Long> depths = new LinkedHashMap<>();
        for (String queue : queues) {
            depth(queue).ifPresent(depth -> depths.put(queue, depth));
        }
        return depths;
    }

    private static long held(WorkerInfo worker) {
        return worker.running() + (worker.running() >= worker.slots() ? UNSTARTED : 0);
    }

    /** The question closes its channel where there is no such queue. */
    private OptionalLong depth(String queue) {
        try (Channel channel = connectionFactory.createConnection().getDelegate().createChannel()) {
            return OptionalLong.of(channel.messageCount(queue));
        } catch (IOException e) {
            if (isRefused(e)) {
                throw new IllegalStateException(
                        "the broker does not let this service count the messages of "
                                + queue
                                + "; './fleet topology apply' gives it the right to",
                        e);
            }
            return OptionalLong.empty();
        } catch (TimeoutException e) {
            return OptionalLong.empty();
        }
    }

    /** What cannot be seen must not pass for empty. */
    private static boolean isRefused(IOException e) {
        return e.getCause() instanceof ShutdownSignalException signal
                && signal.getReason() instanceof AMQP.Channel.Close close
                && close.getReplyCode() == AMQP.ACCESS_REFUSED;
    }
}
