package io.llmfleet.worker.metrics;

import io.llmfleet.metrics.Tagged;
import io.llmfleet.model.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Counts calls of backends and says how these are. */
public final class BackendMeters {

    /** The outcome of a call that has an answer; all others are failure codes. */
    public static final String OK = "ok";

    private static final List<String> STATES = List.of("closed", "half_open", "open");

    private final MeterRegistry registry;
    private final Tagged<Timer> calls;
    private final Tagged<Timer> firstPieces;
    private final Tagged<Counter> tokens;

    public BackendMeters(MeterRegistry registry) {
        this.registry = registry;
        calls = WorkerMetrics.BACKEND_CALL.timers(registry);
        firstPieces = WorkerMetrics.BACKEND_FIRST_PIECE.timers(registry);
        tokens = WorkerMetrics.BACKEND_TOKENS.counters(registry);
    }

    public void called(String backend, String model, String type, String outcome, long nanos) {
        calls.of(backend, model, type, outcome).record(nanos, TimeUnit.NANOSECONDS);
    }

    public void firstPiece(String backend, String model, long nanos) {
        firstPieces.of(backend, model).record(nanos, TimeUnit.NANOSECONDS);
    }

    public void used(String backend, String model, Usage usage) {
        tokens.of(backend, model, "in").increment(usage.inputTokens());
        tokens.of(backend, model, "out").increment(usage.outputTokens());
    }

    /**
     * @param state {@code closed}, {@code half_open} or {@code open}
     */
    public void breaker(String backend, Supplier<String> state) {
        for (String one : STATES) {
            WorkerMetrics.BACKEND_BREAKER.gauge(
                    registry, state, s -> s.get().equals(one) ? 1 : 0, backend, one);
        }
    }
}
