package io.llmfleet.producer.limit;

import io.llmfleet.producer.metrics.ProducerMetrics;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts refusals by the limit that refused. */
final class RefusalCounter {

    private final MeterRegistry registry;

    RefusalCounter(MeterRegistry registry) {
        this.registry = registry;
    }

    LimitExceededException count(LimitExceededException refusal) {
        registry.counter(ProducerMetrics.LIMITS_REFUSED, "limit", refusal.limit().wire())
                .increment();
        return refusal;
    }
}
