package io.llmfleet.system.bench;

import io.llmfleet.system.bench.StreamReport.Percentiles;
import io.llmfleet.system.bench.StreamingBackend.Pace;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;

/** Streams chats through the fleet and, side by side, straight from the backend. */
final class StreamBench {

    private static final int CALLS_PER_SECOND = 20;
    private static final Pace CHAT = new Pace(20, Duration.ofMillis(40));

    /** So many calls that what the services run for each of them is compiled for good. */
    private static final int WARM_UP_CALLS = 6_000;

    private static final int WARM_UP_CALLS_PER_SECOND = 120;

    /** While nothing is compiled, calls take long; more of them at once would only wait. */
    private static final int WARM_UP_AT_ONCE = 32;

    private static final Pace WARM_UP = new Pace(5, Duration.ofMillis(20));
    private static final int STREAMS = 1_000;
    private static final Duration STREAM_GAP = Duration.ofMillis(200);

    private static final Duration HOP_TIME = Duration.ofSeconds(10);

    private final BenchFleet fleet;
    private final StreamingBackend backend;
    private final Duration time;
    private final Consumer<String> progress;

    StreamBench(
            BenchFleet fleet, StreamingBackend backend, Duration time, Consumer<String> progress) {
        this.fleet = fleet;
        this.backend = backend;
        this.time = time;
        this.progress = progress;
    }

    StreamReport run() {
        fleet.start();
        try (StreamCalls direct = new StreamCalls(backend.url(), "none");
                StreamCalls through = new StreamCalls(fleet.url() + "/v1", fleet.key());
                StreamCalls many = new StreamCalls(fleet.url() + "/v1", fleet.key())) {
            progress.accept("warming up");
            warmUp(direct, through);
            direct.forget();
            through.forget();
            progress.accept(CALLS_PER_SECOND + " calls/s to the fleet and as many to the backend");
            int calls = (int) time.toSeconds() * CALLS_PER_SECOND;
            sideBySide(direct, through, CHAT, CALLS_PER_SECOND, calls);
            progress.accept("messages through one queue");
            ConcurrentHistogram hop = new OneHop(fleet.broker()).measure(HOP_TIME);
            progress.accept(STREAMS + " streams at once");
            atOnce(many);
            return new StreamReport(
                    Bench.machine(),
                    fleet.brokerDescription(),
                    CALLS_PER_SECOND,
                    Percentiles.of(direct.first()),
                    Percentiles.of(through.first()),
                    Percentiles.of(direct.total()),
                    Percentiles.of(through.total()),
                    Percentiles.of(hop),
                    STREAMS,
                    1e9 / STREAM_GAP.toNanos(),
                    Percentiles.of(many.age()));
        }
    }

    private static void warmUp(StreamCalls direct, StreamCalls through) {
        long gap = Duration.ofSeconds(1).toNanos() / WARM_UP_CALLS_PER_SECOND;
        for (int i = 0; i < WARM_UP_CALLS; i++) {
            LockSupport.parkNanos(gap);
            while (through.running() >= WARM_UP_AT_ONCE) {
                LockSupport.parkNanos(gap);
            }
            direct.start(WARM_UP);
            through.start(WARM_UP);
        }
        direct.awaitAll();
        through.awaitAll();
    }

    private static void sideBySide(
            StreamCalls direct, StreamCalls through, Pace pace, int perSecond, int calls) {
        long gap = Duration.ofSeconds(1).toNanos() / perSecond / 2;
        long start = System.nanoTime();
        for (long i = 0; i < 2L * calls; i++) {
            LockSupport.parkNanos(start + i * gap - System.nanoTime());
            (i % 2 == 0 ? direct : through).start(pace);
        }
        direct.awaitAll();
        through.awaitAll();
    }

    /** They begin over five seconds, as callers do. */
    private void atOnce(StreamCalls calls) {
        Pace pace = new Pace((int) time.dividedBy(STREAM_GAP) + 25, STREAM_GAP);
        long gap = Duration.ofSeconds(5).toNanos() / STREAMS;
        long start = System.nanoTime();
        for (int i = 0; i < STREAMS; i++) {
            LockSupport.parkNanos(start + i * gap - System.nanoTime());
            calls.start(pace);
        }
        calls.awaitAll();
    }
}
