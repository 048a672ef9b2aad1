package io.llmfleet.producer.watch;

import io.llmfleet.producer.dispatch.Throughput;
import io.llmfleet.producer.event.QueueLossListener;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.wire.QueueLost;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Finds tasks whose messages are gone with a queue that someone deleted, and has the workers asked
 * for them; what nobody runs is then dispatched anew.
 *
 * <p>A worker says at once when its queue is deleted. For any other queue the watch compares: while
 * nothing is finished and fewer messages are left than tasks were sent, time after time, the oldest
 * of them are suspected.
 */
final class QueueWatch implements QueueLossListener, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(QueueWatch.class);
    private static final Duration OLD = Duration.ofSeconds(20);
    private static final int LOOKS = 3;
    private static final long LOOK_SECONDS = 5;

    private final OpenTasks openTasks;
    private final Throughput throughput;
    private final LongSupplier inBroker;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("queue-watch").daemon().factory());
    private long lastFinished = -1;
    private long least = Long.MAX_VALUE;
    private int looks;
    private volatile boolean running;

    /**
     * @param inBroker messages in all queues that carry tasks or replies, and with workers
     */
    QueueWatch(OpenTasks openTasks, Throughput throughput, LongSupplier inBroker) {
        this.openTasks = openTasks;
        this.throughput = throughput;
        this.inBroker = inBroker;
    }

    @Override
    public void lost(QueueLost queue) {
        int suspected = openTasks.suspectRouted(queue.pool(), queue.priority(), queue.at());
        log.warn(
                "the work queue of pool {}, priority {}, was deleted; asking for {} tasks",
                queue.pool(),
                queue.priority().wire(),
                suspected);
    }

    @Override
    public void start() {
        running = true;
        var _ =
                schedule.scheduleWithFixedDelay(
                        this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void stop() {
        running = false;
        schedule.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void look() {
        try {
            compare();
        } catch (RuntimeException e) {
            looks = 0;
            log.warn("queues were not compared: {}", e.toString());
        }
    }

    private void compare() {
        long sent = openTasks.sentBefore(OLD);
        long missing = sent == 0 ? 0 : sent - inBroker.getAsLong();
        if (missing <= 0 || throughput.finished() != lastFinished) {
            lastFinished = throughput.finished();
            least = Long.MAX_VALUE;
            looks = 0;
            return;
        }
        least = Math.min(least, missing);
        if (++looks >= LOOKS) {
            int suspected = openTasks.suspectSentBefore(OLD, least);
            log.warn("{} tasks are in no queue and with no worker, asking for them", suspected);
            least = Long.MAX_VALUE;
            looks = 0;
        }
    }
}
