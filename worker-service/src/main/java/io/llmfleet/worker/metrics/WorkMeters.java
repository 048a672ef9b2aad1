package io.llmfleet.worker.metrics;

import io.llmfleet.metrics.BoundedTag;
import io.llmfleet.metrics.Tagged;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.wire.Headers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Counts what this worker got, what became of it and how long it took. */
public final class WorkMeters {

    private static final int TYPES = 100;
    private static final String NONE = "none";
    private static final Set<String> PRIORITIES =
            Arrays.stream(Priority.values()).map(Priority::wire).collect(Collectors.toSet());

    private final MeterRegistry registry;
    private final String pool;
    private final Tagged<Counter> received;
    private final Tagged<Counter> settled;
    private final Tagged<Timer> processing;
    private final Tagged<Counter> attemptsFailed;
    private final BoundedTag types = new BoundedTag(TYPES);

    /** What messages are told apart by. */
    public record Kind(String type, String priority) {}

    /** What can become of a message. */
    public enum Action {
        SUCCEEDED,
        /** For good. */
        FAILED,
        /** The task waits for others that it delegated to. */
        DELEGATED,
        RETRY,
        /** Not run, because it was delivered before. */
        INTERRUPTED,
        /** Cancelled or stale. */
        DROPPED,
        /** Handed back unstarted. */
        RETURNED,
        /** A newer worker will understand it. */
        NEWER,
        UNREADABLE,
        /** Taken back by the broker before it started. */
        GONE,
        /** The worker stopped, or a bug stopped it, before its outcome was confirmed. */
        UNSETTLED;

        private final String tag = name().toLowerCase(Locale.ROOT);
    }

    public WorkMeters(MeterRegistry registry, String pool) {
        this.registry = registry;
        this.pool = pool;
        received = WorkerMetrics.RECEIVED.counters(registry);
        settled = WorkerMetrics.SETTLED.counters(registry);
        processing = WorkerMetrics.PROCESSING.timers(registry);
        attemptsFailed = WorkerMetrics.ATTEMPTS_FAILED.counters(registry);
        // What is there from the start shows its first increment.
        Arrays.stream(Action.values())
                .forEach(action -> settled.of(BoundedTag.OTHER, pool, NONE, action.tag));
    }

    /** Of a message that may be unreadable. */
    public Kind kindOf(Map<String, Object> headers) {
        Object type = headers.get(Headers.TYPE);
        String priority = String.valueOf(headers.get(Headers.PRIORITY));
        return new Kind(
                type == null ? BoundedTag.OTHER : types.of(type.toString()),
                PRIORITIES.contains(priority) ? priority : NONE);
    }

    public void received(Kind kind) {
        received.of(kind.type(), pool, kind.priority()).increment();
    }

    public void settled(Kind kind, Action action) {
        settled.of(kind.type(), pool, kind.priority(), action.tag).increment();
    }

    public void processed(Kind kind, long nanos) {
        processing.of(kind.type(), pool, kind.priority()).record(nanos, TimeUnit.NANOSECONDS);
    }

    public void attemptFailed(Kind kind, FailureCode code) {
        attemptsFailed.of(kind.type(), pool, code.name()).increment();
    }

    /**
     * @param lane the queue that messages come from: a priority, or the quarantine
     */
    public void lane(String lane, IntSupplier running, IntSupplier waiting) {
        WorkerMetrics.HELD.gauge(registry, running, IntSupplier::getAsInt, pool, lane, "running");
        WorkerMetrics.HELD.gauge(registry, waiting, IntSupplier::getAsInt, pool, lane, "waiting");
    }

    public void slots(int slots, IntSupplier busy) {
        WorkerMetrics.SLOTS.gauge(registry, slots, Integer::doubleValue, pool);
        WorkerMetrics.SLOTS_BUSY.gauge(registry, busy, IntSupplier::getAsInt, pool);
    }

    public void paused(BooleanSupplier paused) {
        WorkerMetrics.PAUSED.gauge(registry, paused, p -> p.getAsBoolean() ? 1 : 0, pool);
    }

    public void heartbeat(Supplier<Duration> age) {
        WorkerMetrics.HEARTBEAT_AGE.gauge(registry, age, a -> a.get().toMillis() / 1_000.0, pool);
    }
}
