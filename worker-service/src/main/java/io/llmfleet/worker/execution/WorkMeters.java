package io.llmfleet.worker.execution;

import io.llmfleet.worker.backend.Backend.Answer;
import io.llmfleet.worker.backend.Backends;
import io.llmfleet.worker.metrics.WorkerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Counts calls and what became of messages. */
public final class WorkMeters {

    private final MeterRegistry registry;

    public WorkMeters(MeterRegistry registry, RunningTasks running) {
        this.registry = registry;
        registry.gauge(WorkerMetrics.RUNNING, running, RunningTasks::count);
    }

    void called(String type, Backends.Outcome outcome, Duration took) {
        String backend = outcome.backend() == null ? "none" : outcome.backend();
        String result =
                switch (outcome.answer()) {
                    case Answer.Done done -> {
                        tokens(backend, done);
                        yield "ok";
                    }
                    case Answer.Failed failed -> failed.failure().code().name();
                };
        registry.timer(WorkerMetrics.CALLS, "backend", backend, "type", type, "outcome", result)
                .record(took);
    }

    void settled(String action) {
        registry.counter(WorkerMetrics.SETTLED, "action", action).increment();
    }

    private void tokens(String backend, Answer.Done done) {
        if (done.usage() != null) {
            registry.counter(WorkerMetrics.TOKENS, "backend", backend, "direction", "in")
                    .increment(done.usage().inputTokens());
            registry.counter(WorkerMetrics.TOKENS, "backend", backend, "direction", "out")
                    .increment(done.usage().outputTokens());
        }
    }
}
