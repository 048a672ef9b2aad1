package io.llmfleet.system.bench;

import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Single tasks at a fixed rate, each waited for: requests start when they are due, whether earlier
 * ones are answered or not.
 */
final class LatencyRun {

    private static final int DIGITS = 3;

    /** The path of single requests has not been walked before. */
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private static final long HIGHEST_MICROS = Duration.ofMinutes(1).toNanos() / 1_000;
    private static final int OK = 200;

    private final HttpRequest request;
    private final double perSecond;
    private final ConcurrentHistogram micros = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private final AtomicLong unanswered = new AtomicLong();

    LatencyRun(String url, String key, int payloadBytes, double perSecond) {
        this.perSecond = perSecond;
        this.request =
                HttpRequest.newBuilder(URI.create(url + "/api/v1/tasks"))
                        .timeout(Duration.ofSeconds(40))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + key)
                        .header("Prefer", "wait=30")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        Json.write(BulkRun.task(payloadBytes))))
                        .build();
    }

    BenchReport.Latency run(Duration time) {
        send(WARM_UP);
        micros.reset();
        send(time);
        if (unanswered.get() > 0) {
            throw new FleetException(unanswered + " tasks were not answered in time");
        }
        return new BenchReport.Latency(
                perSecond,
                micros.getTotalCount(),
                millis(micros.getValueAtPercentile(50)),
                millis(micros.getValueAtPercentile(90)),
                millis(micros.getValueAtPercentile(99)),
                millis(micros.getValueAtPercentile(99.9)),
                millis(micros.getMaxValue()));
    }

    private void send(Duration time) {
        try (HttpClient client =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            long count = Math.round(perSecond * time.toNanos() / 1e9);
            for (long i = 0; i < count; i++) {
                long due = start + Math.round(i * 1e9 / perSecond);
                LockSupport.parkNanos(due - System.nanoTime());
                threads.execute(() -> sendOne(client, due));
            }
        }
    }

    private void sendOne(HttpClient client, long due) {
        try {
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != OK) {
                unanswered.incrementAndGet();
            }
            micros.recordValue(Math.min(HIGHEST_MICROS, (System.nanoTime() - due) / 1_000));
        } catch (IOException e) {
            unanswered.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            unanswered.incrementAndGet();
        }
    }

    private static double millis(long micros) {
        return micros / 1e3;
    }
}
