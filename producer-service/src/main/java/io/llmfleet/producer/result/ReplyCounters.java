package io.llmfleet.producer.result;

import io.llmfleet.producer.metrics.ProducerMetrics;
import io.llmfleet.producer.task.FinalOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;

/** Counts what became of replies. */
final class ReplyCounters {

    private final MeterRegistry registry;

    ReplyCounters(MeterRegistry registry) {
        this.registry = registry;
    }

    void stored(List<FinalOutcome> stored, int withoutEffect, int interrupted) {
        for (FinalOutcome f : stored) {
            registry.counter(
                            ProducerMetrics.TASKS_FINAL,
                            "outcome",
                            f.state().name().toLowerCase(Locale.ROOT))
                    .increment();
            registry.timer(ProducerMetrics.CRITICAL_TIME)
                    .record(
                            java.time.Duration.between(
                                    io.llmfleet.model.Ids.timeOf(f.id()), f.finishedAt()));
        }
        registry.counter(ProducerMetrics.REPLIES_WITHOUT_EFFECT).increment(withoutEffect);
        registry.counter(ProducerMetrics.REPLIES_INTERRUPTED).increment(interrupted);
    }

    void unreadable() {
        registry.counter(ProducerMetrics.REPLIES_UNREADABLE).increment();
    }
}
