package io.llmfleet.producer.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Takes all samples of the store every few seconds, and never spends more than a tenth of the time
 * on it.
 */
final class StoreSampler implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(StoreSampler.class);
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int SHARE = 10;

    private final List<StoreSample> samples;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("store-samples").daemon().factory());
    private volatile boolean running;
    private volatile long takenAt = System.nanoTime();

    StoreSampler(List<StoreSample> samples, StoreMeters meters) {
        this.samples = List.copyOf(samples);
        meters.age(() -> Duration.ofNanos(System.nanoTime() - takenAt));
    }

    @Override
    public void start() {
        running = true;
        var _ = schedule.schedule(this::sample, 0, TimeUnit.NANOSECONDS);
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

    private void sample() {
        long start = System.nanoTime();
        try {
            samples.forEach(StoreSample::take);
            takenAt = System.nanoTime();
        } catch (RuntimeException e) {
            log.debug("the store was not counted: {}", e.toString());
        }
        if (running) {
            long pause = Math.max(PAUSE_NANOS, SHARE * (System.nanoTime() - start));
            var _ = schedule.schedule(this::sample, pause, TimeUnit.NANOSECONDS);
        }
    }
}
