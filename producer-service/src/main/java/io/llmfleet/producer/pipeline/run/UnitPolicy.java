package io.llmfleet.producer.pipeline.run;

import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.pipeline.definition.Call;
import io.llmfleet.producer.pipeline.definition.ExpressionException;
import io.llmfleet.producer.pipeline.definition.Step;
import io.llmfleet.wire.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says how far a step is with one item: its calls in turn, each tried again, in a loop. */
final class UnitPolicy {

    private final Step step;
    private final Step.Calls work;
    private final Map<CallKey, CallRecord> calls;

    UnitPolicy(Step step, Step.Calls work, Map<CallKey, CallRecord> calls) {
        this.step = step;
        this.work = work;
        this.calls = calls;
    }

    Unit of(int item, Scope scope) {
        Unit unit;
        try {
            unit = loop(item, scope);
        } catch (ExpressionException e) {
            unit = new Unit.Failed(failed(e));
        }
        return unit instanceof Unit.Failed failed ? fallback(item, scope, failed) : unit;
    }

    private Unit loop(int item, Scope scope) {
        int most = work.loop() == null ? 1 : work.loop().max();
        JsonNode last = Json.MAPPER.nullNode();
        for (int iteration = 1; iteration <= most; iteration++) {
            Scope here = work.loop() == null ? scope : scope.iteration(iteration, last);
            Unit unit = parts(item, iteration, here);
            if (!(unit instanceof Unit.Done done)) {
                return unit;
            }
            last = done.output();
            if (isEnough(here, last)) {
                return done;
            }
        }
        return new Unit.Done(last);
    }

    private boolean isEnough(Scope scope, JsonNode output) {
        return work.loop() != null
                && work.loop().until() != null
                && work.loop().until().holds(scope.with("output", output).values());
    }

    private Unit parts(int item, int iteration, Scope scope) {
        ObjectNode outputs = Json.MAPPER.createObjectNode();
        List<Call> all = work.calls();
        for (int part = 0; part < all.size(); part++) {
            Scope here = all.size() == 1 ? scope : scope.with("parts", outputs.deepCopy());
            CallKey first = new CallKey(step.id(), item, iteration, part, 1);
            Unit unit = call(all.get(part), first, here);
            if (!(unit instanceof Unit.Done done)) {
                return unit;
            }
            outputs.set(all.get(part).id(), done.output());
        }
        return new Unit.Done(all.size() == 1 ? outputs.get(all.getFirst().id()) : outputs);
    }

    private Unit call(Call call, CallKey first, Scope scope) {
        CallKey key = first;
        CallRecord known = calls.get(key);
        CallRecord latest = null;
        while (known != null) {
            latest = known;
            key = key.again();
            known = calls.get(key);
        }
        if (latest != null && latest.state() == null) {
            return new Unit.Open();
        }
        if (latest != null && latest.succeeded()) {
            JsonNode output = latest.output();
            return new Unit.Done(output == null ? Json.MAPPER.nullNode() : output);
        }
        return latest == null || (key.attempt() <= step.tries() && mayHelp(problem(latest)))
                ? new Unit.Due(key, call.fill(scope.values()))
                : new Unit.Failed(problem(latest));
    }

    /** What is refused for good would be so again. */
    private static boolean mayHelp(Problem problem) {
        return Arrays.stream(FailureCode.values())
                .filter(c -> c.name().equals(problem.code()))
                .allMatch(FailureCode::retryable);
    }

    private Unit fallback(int item, Scope scope, Unit.Failed failed) {
        Step.Fallback fallback = step.fallback();
        try {
            if (fallback == null) {
                return failed;
            }
            if (fallback.value() != null) {
                return new Unit.Done(fallback.value().fill(scope.values()));
            }
            CallKey first = new CallKey(step.id(), item, CallKey.FALLBACK, 0, 1);
            return call(Objects.requireNonNull(fallback.call()), first, scope);
        } catch (ExpressionException e) {
            return new Unit.Failed(failed(e));
        }
    }

    static Problem failed(ExpressionException e) {
        return new Problem(Problem.EXPRESSION_FAILED, String.valueOf(e.getMessage()));
    }

    private static Problem problem(@Nullable CallRecord call) {
        Problem problem = call == null ? null : call.problem();
        return problem == null ? new Problem(Problem.CANCELLED, "its task was cancelled") : problem;
    }
}
