package io.llmfleet.producer.metrics;

import io.llmfleet.metrics.BoundedTag;
import io.llmfleet.metrics.Tagged;
import io.llmfleet.model.FailureCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/** Counts what follows from tasks and requests: usage, dead letters, webhooks, refusals. */
public final class EffectMeters {

    private static final int TENANTS = 200;
    private static final int MODELS = 100;
    private static final int PIPELINES = 100;
    private static final List<String> WEBHOOK_OUTCOMES = List.of("delivered", "retried", "failed");

    private final Tagged<Counter> tokens;
    private final Tagged<Counter> cost;
    private final Tagged<Counter> deadLetters;
    private final Tagged<Counter> webhooks;
    private final Tagged<Counter> limitsRefused;
    private final Tagged<Counter> runsStarted;
    private final Tagged<Counter> runsFinal;
    private final Tagged<Counter> stepsFinal;
    private final BoundedTag pipelines = new BoundedTag(PIPELINES);
    private final BoundedTag tenants = new BoundedTag(TENANTS);
    private final BoundedTag models = new BoundedTag(MODELS);

    public EffectMeters(MeterRegistry registry) {
        tokens = ProducerMetrics.USAGE_TOKENS.counters(registry);
        cost = ProducerMetrics.USAGE_COST.counters(registry);
        deadLetters = ProducerMetrics.DEAD_LETTERS.counters(registry);
        webhooks = ProducerMetrics.WEBHOOKS.counters(registry);
        limitsRefused = ProducerMetrics.LIMITS_REFUSED.counters(registry);
        runsStarted = ProducerMetrics.RUNS_STARTED.counters(registry);
        runsFinal = ProducerMetrics.RUNS_FINAL.counters(registry);
        stepsFinal = ProducerMetrics.STEPS_FINAL.counters(registry);
        begin();
    }

    /** What is there from the start shows its first increment. */
    private void begin() {
        Arrays.stream(FailureCode.values()).forEach(code -> deadLetters.of(code.name()));
        WEBHOOK_OUTCOMES.forEach(webhooks::of);
    }

    public void used(
            String tenant, String model, long inputTokens, long outputTokens, BigDecimal costs) {
        String who = tenants.of(tenant);
        String what = models.of(model);
        tokens.of(who, what, "in").increment(inputTokens);
        tokens.of(who, what, "out").increment(outputTokens);
        cost.of(who, what).increment(costs.doubleValue());
    }

    public void deadLetter(FailureCode code) {
        deadLetters.of(code.name()).increment();
    }

    /**
     * @param outcome {@code delivered}, {@code retried} or {@code failed}
     */
    public void webhookTried(String outcome) {
        webhooks.of(outcome).increment();
    }

    public void runStarted(String pipeline) {
        runsStarted.of(pipelines.of(pipeline)).increment();
    }

    public void runEnded(String pipeline, String outcome) {
        runsFinal.of(pipelines.of(pipeline), outcome).increment();
    }

    public void stepEnded(String pipeline, String outcome) {
        stepsFinal.of(pipelines.of(pipeline), outcome).increment();
    }

    public void limitRefused(String limit) {
        limitsRefused.of(limit).increment();
    }
}
