package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.task.OpenTask;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.OpenTasks.Lane;
import io.llmfleet.producer.task.OpenTasks.LaneCount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Claims tasks that wait in the store, and those that were claimed and never confirmed, again and
 * again.
 */
final class DispatchLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DispatchLoop.class);
    private static final int BUDGET = 1_000;
    private static final int SWEEP = 500;
    private static final long SWEEP_SECONDS = 1;
    private static final int COUNT_PAUSE = 5;

    private final OpenTasks openTasks;
    private final Dispatcher dispatcher;
    private final Lanes lanes;
    private final SentTasks sent;
    private final Throughput throughput;
    private final DispatchProperties properties;
    private final ScheduledExecutorService schedule =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().name("dispatch-loop-", 0).daemon().factory());
    private volatile boolean running;
    private long countAgainAt = System.nanoTime();
    private volatile Instant quietUntil = Instant.MIN;

    DispatchLoop(
            OpenTasks openTasks,
            Dispatcher dispatcher,
            Lanes lanes,
            SentTasks sent,
            Throughput throughput,
            DispatchProperties properties) {
        this.openTasks = openTasks;
        this.dispatcher = dispatcher;
        this.lanes = lanes;
        this.sent = sent;
        this.throughput = throughput;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
        long tick = properties.tick().toMillis();
        var _ =
                schedule.scheduleWithFixedDelay(
                        guarded(this::dispatchWaiting), 0, tick, TimeUnit.MILLISECONDS);
        var _ =
                schedule.scheduleWithFixedDelay(
                        guarded(this::sweep), 1, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void stop() {
        running = false;
        schedule.shutdown();
        guarded(sent::flush).run();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void dispatchWaiting() {
        sent.flush();
        if (System.nanoTime() - countAgainAt < 0) {
            return;
        }
        List<LaneCount> counts = count();
        if (dispatcher.isFull()) {
            return;
        }
        for (Map.Entry<Lane, Integer> share :
                DispatchPolicy.shares(counts, properties.window(), BUDGET).entrySet()) {
            List<OpenTask> claimed = openTasks.claim(share.getKey(), share.getValue());
            claimed.forEach(dispatcher::dispatch);
        }
    }

    /** A great backlog takes long to count, so it is counted less often. */
    private List<LaneCount> count() {
        long before = System.nanoTime();
        List<LaneCount> counts = openTasks.count();
        long after = System.nanoTime();
        countAgainAt = after + COUNT_PAUSE * (after - before);
        lanes.replace(counts);
        return counts;
    }

    private void sweep() {
        throughput.tick();
        if (dispatcher.isFull()) {
            return;
        }
        List<OpenTask> again = openTasks.reclaim(properties.unconfirmedAfter(), SWEEP);
        if (!again.isEmpty()) {
            log.info("sending {} tasks again that the broker never confirmed", again.size());
            again.forEach(dispatcher::dispatchAgain);
        }
    }

    private Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (DataAccessException | TransactionException e) {
                if (Instant.now().isAfter(quietUntil)) {
                    log.warn(
                            "the store did not answer the dispatch, trying again: {}",
                            e.toString());
                    quietUntil = Instant.now().plusSeconds(10);
                }
            } catch (RuntimeException e) {
                log.error("a dispatch step failed, trying again", e);
            }
        };
    }
}
