package io.llmfleet.worker.backend;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Usage;
import io.llmfleet.tracing.Attributes;
import io.llmfleet.tracing.Spans;
import io.llmfleet.tracing.TaskSpan;
import io.llmfleet.worker.backend.Backend.Answer;
import io.llmfleet.worker.backend.Backend.Call;
import io.llmfleet.worker.metrics.BackendMeters;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The backends of a worker, each behind a breaker: which of them takes a call, and whether any
 * takes one now.
 *
 * <p>A breaker opens on failures that say that a backend is down; then one call at a time is let
 * through after each probe interval, and the first that succeeds closes it.
 */
public final class Backends {

    private static final Set<FailureCode> DOWN =
            EnumSet.of(
                    FailureCode.BACKEND_UNAVAILABLE,
                    FailureCode.BACKEND_ERROR,
                    FailureCode.CALL_TIMEOUT);

    /** The type whose calls are of another kind than a chat. */
    private static final String EMBED = "embed";

    private final Map<Backend, CircuitBreaker> breakers = new LinkedHashMap<>();
    private final Map<String, String> fallbacks;
    private final Spans spans;

    /**
     * A call's answer and whether its backend counts as down now.
     *
     * @param backend null if none can do the call
     */
    public record Outcome(@Nullable String backend, Answer answer, boolean down) {}

    public Backends(
            List<Backend> backends,
            Map<String, String> fallbacks,
            BackendProperties.Breaker breaker,
            Spans spans,
            BackendMeters meters) {
        this.spans = spans;
        this.fallbacks = Map.copyOf(fallbacks);
        CircuitBreakerConfig config =
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(breaker.calls())
                        .minimumNumberOfCalls(Math.min(3, breaker.calls()))
                        .failureRateThreshold(breaker.failureRate())
                        .waitDurationInOpenState(breaker.probeInterval())
                        .automaticTransitionFromOpenToHalfOpenEnabled(true)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build();
        for (Backend backend : backends) {
            CircuitBreaker one = CircuitBreaker.of(backend.name(), config);
            breakers.put(new MeasuredBackend(backend, meters), one);
            meters.breaker(backend.name(), () -> one.getState().name().toLowerCase(Locale.ROOT));
        }
    }

    /** Every model of every backend. */
    public List<String> models() {
        return breakers.keySet().stream().flatMap(b -> b.models().stream()).distinct().toList();
    }

    /** Every type that one of the backends can do. */
    public List<String> types() {
        TreeSet<String> types = new TreeSet<>();
        breakers.keySet().forEach(b -> types.addAll(b.types()));
        return List.copyOf(types);
    }

    /** Models of backends that are down. */
    public List<String> pausedModels() {
        return breakers.entrySet().stream()
                .filter(e -> e.getValue().getState() == CircuitBreaker.State.OPEN)
                .flatMap(e -> e.getKey().models().stream())
                .toList();
    }

    /** Whether no backend takes calls now, not even a probe. */
    public boolean allDown() {
        return breakers.values().stream().allMatch(b -> b.getState() == CircuitBreaker.State.OPEN);
    }

    /**
     * How many tasks may be started now beside those that run: none while every backend is down,
     * one as a probe.
     */
    public int admits(int free, int running) {
        boolean probing = false;
        for (CircuitBreaker breaker : breakers.values()) {
            switch (breaker.getState()) {
                case OPEN, FORCED_OPEN -> {}
                case HALF_OPEN -> probing = true;
                default -> {
                    return free;
                }
            }
        }
        return probing && running == 0 ? Math.min(1, free) : 0;
    }

    /**
     * Calls the backend that has the model, or the first that does the type; then its fallbacks, if
     * it has any.
     */
    public Outcome call(Call call) {
        Outcome outcome = callOnce(call);
        String model = call.model() == null ? firstModel(call) : call.model();
        while (model != null
                && outcome.answer() instanceof Answer.Failed failed
                && failed.failure().retryable()
                && !call.aborted().getAsBoolean()) {
            model = fallbacks.get(model);
            if (model != null) {
                call.deltas().startAnew();
                outcome = callOnce(call.of(model));
            }
        }
        return outcome;
    }

    private Outcome callOnce(Call call) {
        Optional<Map.Entry<Backend, CircuitBreaker>> found = find(call);
        if (found.isEmpty()) {
            return new Outcome(null, new Answer.Failed(unsupported(call)), false);
        }
        Backend backend = found.get().getKey();
        CircuitBreaker breaker = found.get().getValue();
        if (!breaker.tryAcquirePermission()) {
            Failure down =
                    Failure.of(
                            FailureCode.BACKEND_UNAVAILABLE,
                            "backend '" + backend.name() + "' is down");
            return new Outcome(backend.name(), new Answer.Failed(down), true);
        }
        long start = System.nanoTime();
        Answer answer;
        try {
            answer = traced(backend, call);
        } catch (RuntimeException | Error e) {
            // What goes wrong here says nothing of the backend; a probe's permission must come
            // back.
            breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            throw e;
        }
        if (call.aborted().getAsBoolean()) {
            breaker.releasePermission();
        } else {
            record(breaker, answer, System.nanoTime() - start);
        }
        boolean down = breaker.getState() != CircuitBreaker.State.CLOSED;
        return new Outcome(backend.name(), answer, down);
    }

    private Answer traced(Backend backend, Call call) {
        String operation = call.type().name().equals(EMBED) ? "embeddings" : "chat";
        TaskSpan span =
                spans.call(operation, backend.name(), model(backend, call), call.traceParent())
                        .with(Attributes.TASK_ID, call.taskId().toString());
        Answer answer;
        try {
            answer = backend.call(call.traced(span.traceParent()));
        } catch (RuntimeException | Error e) {
            span.end(e);
            throw e;
        }
        switch (answer) {
            case Answer.Done done -> describe(span, done).end();
            case Answer.Failed failed -> span.fail(failed.failure().code().name());
        }
        return answer;
    }

    private static @Nullable String model(Backend backend, Call call) {
        return call.model() == null && !backend.models().isEmpty()
                ? backend.models().getFirst()
                : call.model();
    }

    private static TaskSpan describe(TaskSpan span, Answer.Done done) {
        Usage usage = done.usage();
        if (usage != null) {
            span.with(Attributes.GEN_AI_INPUT_TOKENS, usage.inputTokens())
                    .with(Attributes.GEN_AI_OUTPUT_TOKENS, usage.outputTokens());
        }
        return span.with(Attributes.GEN_AI_RESPONSE_MODEL, done.model());
    }

    private static void record(CircuitBreaker breaker, Answer answer, long nanos) {
        if (answer instanceof Answer.Failed failed && DOWN.contains(failed.failure().code())) {
            breaker.onError(
                    nanos,
                    TimeUnit.NANOSECONDS,
                    new IllegalStateException(failed.failure().message()));
        } else {
            breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Optional<Map.Entry<Backend, CircuitBreaker>> find(Call call) {
        String type = call.type().name();
        String model = call.model();
        return breakers.entrySet().stream()
                .filter(e -> e.getKey().types().contains(type))
                .filter(e -> model == null || e.getKey().models().contains(model))
                .min(
                        java.util.Comparator.comparing(
                                e -> e.getValue().getState() == CircuitBreaker.State.OPEN));
    }

    private @Nullable String firstModel(Call call) {
        return find(call).map(e -> e.getKey().models().getFirst()).orElse(null);
    }

    private Failure unsupported(Call call) {
        return Failure.of(
                FailureCode.UNSUPPORTED,
                "no backend of this worker does '"
                        + call.type().name()
                        + "'"
                        + (call.model() == null ? "" : " with model '" + call.model() + "'")
                        + "; it does "
                        + types()
                        + " with "
                        + models()
                        + "; configure an LLM backend (LLM_BASE_URL, LLM_MODEL) for more");
    }
}
