package io.llmfleet.producer.limit;

import io.llmfleet.producer.metrics.EffectMeters;

/** Counts refusals by the limit that refused. */
final class RefusalCounter {

    private final EffectMeters meters;

    RefusalCounter(EffectMeters meters) {
        this.meters = meters;
    }

    LimitExceededException count(LimitExceededException refusal) {
        meters.limitRefused(refusal.limit().wire());
        return refusal;
    }
}
