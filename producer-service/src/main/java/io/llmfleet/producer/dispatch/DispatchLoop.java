package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.task.OpenTask;
import io.llmfleet.producer.task.OpenTasks;
import java.time.Instant;
import java.util.List;
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
    private static final int SWEEP = 500;
    private static final long SWEEP_SECONDS = 1;
    private static final int COUNT_PAUSE = 5;

    /** While tasks wait, the windows are filled so many times as often. */
    private static final int HURRY = 4;

    /** Filling takes a quarter of the time at most, however much there is to be looked at. */
    private static final int FILL_PAUSE = 3;

    private final OpenTasks openTasks;
    private final Dispatcher dispatcher;
    private final Lanes lanes;
    private final WindowFiller filler;
    private final SentTasks sent;
    private final Throughput throughput;
    private final DispatchProperties properties;
    private final ScheduledExecutorService schedule =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().name("dispatch-loop-", 0).daemon().factory());
    private volatile boolean running;
    private long countAgainAt = System.nanoTime();
    private long lookAgainAt = System.nanoTime();
    private long restUntil = System.nanoTime();
    private volatile Instant quietUntil = Instant.MIN;

    DispatchLoop(
            OpenTasks openTasks,
            Dispatcher dispatcher,
            Lanes lanes,
            WindowFiller filler,
            SentTasks sent,
            Throughput throughput,
            DispatchProperties properties) {
        this.openTasks = openTasks;
        this.dispatcher = dispatcher;
        this.lanes = lanes;
        this.filler = filler;
        this.sent = sent;
        this.throughput = throughput;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
        long tick = Math.max(1, properties.tick().toMillis() / HURRY);
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
        long now = System.nanoTime();
        if (now - countAgainAt >= 0) {
            count();
        }
        boolean due = lanes.anyWaits() || now - lookAgainAt >= 0;
        if (due && now - restUntil >= 0 && !dispatcher.isFull()) {
            lookAgainAt = now + properties.tick().toNanos();
            filler.fill();
            long after = System.nanoTime();
            restUntil = after + FILL_PAUSE * (after - now);
        }
    }

    /** A great backlog takes long to count, so it is counted less often. */
    private void count() {
        long before = System.nanoTime();
        lanes.counted(openTasks.count());
        long after = System.nanoTime();
        long pause = Math.max(properties.tick().toNanos(), COUNT_PAUSE * (after - before));
        countAgainAt = after + pause;
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
            } catch (RuntimeException | Error e) {
                // Whatever leaves a step would end its schedule without a word.
                log.error("a dispatch step failed, trying again", e);
            }
        };
    }
}
