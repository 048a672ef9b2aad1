package io.llmfleet.producer.metrics;

import io.llmfleet.metrics.TaggedGauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Tells what is in the store, as it was last counted. */
public final class StoreMeters {

    private final MeterRegistry registry;
    private final TaggedGauge open;
    private final TaggedGauge waiting;
    private final TaggedGauge unconfirmed;
    private final TaggedGauge unconfirmedOldest;
    private final TaggedGauge deadLetters;
    private final TaggedGauge results;
    private final TaggedGauge resultsOldest;
    private final TaggedGauge webhooks;
    private final TaggedGauge webhooksOverdue;
    private final TaggedGauge halted;

    public StoreMeters(MeterRegistry registry) {
        this.registry = registry;
        open = ProducerMetrics.TASKS_OPEN.gauges(registry);
        waiting = ProducerMetrics.DISPATCH_WAITING.gauges(registry);
        unconfirmed = ProducerMetrics.DISPATCH_UNCONFIRMED.gauges(registry);
        unconfirmedOldest = ProducerMetrics.DISPATCH_UNCONFIRMED_OLDEST.gauges(registry);
        deadLetters = ProducerMetrics.DEAD_LETTERS_OPEN.gauges(registry);
        results = ProducerMetrics.RESULTS_WAITING.gauges(registry);
        resultsOldest = ProducerMetrics.RESULTS_OLDEST.gauges(registry);
        webhooks = ProducerMetrics.WEBHOOKS_WAITING.gauges(registry);
        halted = ProducerMetrics.CONVERSATIONS_HALTED.gauges(registry);
        webhooksOverdue = ProducerMetrics.WEBHOOKS_OVERDUE.gauges(registry);
    }

    /**
     * @param tasks unfinished ones by type, pool, priority and state
     */
    public void open(Map<List<String>, Long> tasks) {
        open.set(tasks);
    }

    /**
     * @param tasks that were not claimed, by type and priority
     */
    public void waiting(Map<List<String>, Long> tasks) {
        waiting.set(tasks);
    }

    /** Claimed and not confirmed. */
    public void unconfirmed(long tasks, Duration oldest) {
        unconfirmed.set(tasks);
        unconfirmedOldest.set(seconds(oldest));
    }

    /**
     * @param open by failure code
     */
    public void deadLetters(Map<List<String>, Long> open) {
        deadLetters.set(open);
    }

    public void results(long messages, Duration oldest) {
        results.set(messages);
        resultsOldest.set(seconds(oldest));
    }

    public void webhooks(long pending, Duration overdue) {
        webhooks.set(pending);
        webhooksOverdue.set(seconds(overdue));
    }

    public void conversationsHalted(long conversations) {
        halted.set(conversations);
    }

    /**
     * @param threads that wait for a connection to the database
     */
    public void connectionsWaiting(IntSupplier threads) {
        ProducerMetrics.STORE_WAITING.gauge(registry, threads, IntSupplier::getAsInt);
    }

    void age(Supplier<Duration> age) {
        ProducerMetrics.SAMPLE_AGE.gauge(registry, age, a -> seconds(a.get()));
    }

    private static double seconds(Duration time) {
        return Math.max(0, time.toMillis() / 1_000.0);
    }
}
