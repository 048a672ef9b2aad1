package io.llmfleet.producer.pipeline.run;

import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.pipeline.definition.Call;
import io.llmfleet.producer.pipeline.definition.ExpressionException;
import io.llmfleet.producer.pipeline.definition.Step;
import io.llmfleet.wire.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says how far a step is with one item: its calls in turn, each tried again, in a loop. */
final class UnitPolicy {

    private static final Problem ERASED =
            new Problem(Problem.CONTENT_ERASED, "what one of its tasks came to was deleted");

    private final Step step;
    private final Step.Calls work;
    private final Map<CallKey, CallRecord> calls;

    UnitPolicy(Step step, Step.Calls work, Map<CallKey, CallRecord> calls) {
        this.step = step;
        this.work = work;
        this.calls = calls;
    }

    Unit of(int item, Scope scope) {
        CallRecord instead = latest(fallback(item));
        if (instead != null && instead.succeeded()) {
            return done(instead);
        }
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
        CallRecord latest = latest(first);
        if (latest == null) {
            return new Unit.Due(first, call.fill(scope.values()));
        }
        if (latest.state() == null) {
            return new Unit.Open();
        }
        if (latest.succeeded()) {
            return done(latest);
        }
        return latest.key().attempt() < step.tries() && mayHelp(problem(latest))
                ? new Unit.Due(latest.key().again(), call.fill(scope.values()))
                : new Unit.Failed(problem(latest));
    }

    /** Of one that succeeded, a resumption may have set the attempts before it aside. */
    private @Nullable CallRecord latest(CallKey first) {
        CallRecord latest = null;
        CallKey key = first;
        for (int attempt = 1; attempt <= step.tries(); attempt++) {
            latest = calls.getOrDefault(key, latest);
            key = key.again();
        }
        return latest;
    }

    private static Unit done(CallRecord call) {
        JsonNode output = call.output();
        return output == null ? new Unit.Failed(ERASED) : new Unit.Done(output);
    }

    /** What is refused for good would be so again. */
    private static boolean mayHelp(Problem problem) {
        return Arrays.stream(FailureCode.values())
                .filter(c -> c.name().equals(problem.code()))
                .allMatch(FailureCode::retryable);
    }

    private Unit fallback(int item, Scope scope, Unit.Failed failed) {
        try {
            return switch (step.fallback()) {
                case Step.OtherCall other -> call(other.call(), fallback(item), scope);
                case Step.OtherValue other -> new Unit.Done(other.value().fill(scope.values()));
                case Step.OtherStep _ -> failed;
                case null -> failed;
            };
        } catch (ExpressionException e) {
            return new Unit.Failed(failed(e));
        }
    }

    private CallKey fallback(int item) {
        return new CallKey(step.id(), item, CallKey.FALLBACK, 0, 1);
    }

    static Problem failed(ExpressionException e) {
        return new Problem(Problem.EXPRESSION_FAILED, String.valueOf(e.getMessage()));
    }

    private static Problem problem(CallRecord call) {
        Problem problem = call.problem();
        return problem == null ? new Problem(Problem.CANCELLED, "its task was cancelled") : problem;
    }
}
