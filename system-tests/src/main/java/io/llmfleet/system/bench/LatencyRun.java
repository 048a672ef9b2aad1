package io.llmfleet.system.bench;

import io.llmfleet.cli.FleetException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/** How long single tasks take, and how many of them are done at most. */
final class LatencyRun {

    private static final int DIGITS = 3;
    private static final int AT_ONCE = 32;
    private static final long HIGHEST_MICROS = Duration.ofMinutes(1).toNanos() / 1_000;

    private final Load load;
    private final Duration time;
    private final ConcurrentHistogram micros = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);

    /** How many tasks ended how, other than with an answer. */
    private final Map<String, Integer> unanswered = new ConcurrentSkipListMap<>();

    LatencyRun(Load load, Duration time) {
        this.load = load;
        this.time = time;
    }

    /** Tasks a second where {@value #AT_ONCE} callers send the next when they have their answer. */
    double top() {
        LongAdder done = new LongAdder();
        Semaphore callers = new Semaphore(AT_ONCE);
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            callers.acquireUninterruptibly();
            load.send(
                    failure -> {
                        count(failure);
                        done.increment();
                        callers.release();
                    });
        }
        awaitAll(callers, AT_ONCE);
        return done.sum() / ((System.nanoTime() - start) / 1e9);
    }

    /**
     * Sends at a fixed rate, whether earlier tasks are answered or not, and measures from the
     * moment at which each was due. Runs once unmeasured before.
     */
    BenchReport.Latency at(double perSecond) {
        send(perSecond);
        micros.reset();
        send(perSecond);
        return new BenchReport.Latency(
                load.name(),
                perSecond,
                micros.getTotalCount(),
                millis(micros.getValueAtPercentile(50)),
                millis(micros.getValueAtPercentile(90)),
                millis(micros.getValueAtPercentile(99)),
                millis(micros.getValueAtPercentile(99.9)),
                millis(micros.getMaxValue()));
    }

    private void send(double perSecond) {
        int count = (int) Math.round(perSecond * time.toNanos() / 1e9);
        Semaphore ended = new Semaphore(0);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + Math.round(i * 1e9 / perSecond);
            LockSupport.parkNanos(due - System.nanoTime());
            load.send(
                    failure -> {
                        count(failure);
                        record(due);
                        ended.release();
                    });
        }
        awaitAll(ended, count);
    }

    private void record(long due) {
        micros.recordValue(Math.min(HIGHEST_MICROS, (System.nanoTime() - due) / 1_000));
    }

    private void count(@Nullable String failure) {
        if (failure != null) {
            unanswered.merge(failure, 1, Integer::sum);
        }
    }

    private void awaitAll(Semaphore ended, int count) {
        try {
            if (!ended.tryAcquire(count, HIGHEST_MICROS, TimeUnit.MICROSECONDS)) {
                unanswered.put("no answer", count - ended.availablePermits());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
        if (!unanswered.isEmpty()) {
            throw new FleetException(load.name() + ": tasks were not answered: " + unanswered);
        }
    }

    private static double millis(long micros) {
        return micros / 1e3;
    }
}
