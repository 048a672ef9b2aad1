package io.llmfleet.producer.pipeline.run;

import io.llmfleet.producer.pipeline.definition.ExpressionException;
import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.definition.Step;
import io.llmfleet.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Decides what is next in a run. It is a function of what is stored: whoever asks again, after
 * whatever broke off, gets the same answer.
 */
public final class RunPolicy {

    private final Pipeline pipeline;
    private final RunRecord run;
    private final Instant now;
    private final Map<String, StepRecord> steps = new LinkedHashMap<>();
    private final Map<String, StepRecord> changed = new LinkedHashMap<>();
    private final Map<CallKey, CallRecord> calls = new LinkedHashMap<>();
    private final List<Next.Start> start = new ArrayList<>();
    private @Nullable Instant lookAt;

    private RunPolicy(Pipeline pipeline, RunRecord run, Instant now) {
        this.pipeline = pipeline;
        this.run = run;
        this.now = now;
        run.calls().forEach(c -> calls.put(c.key(), c));
        Map<String, StepRecord> known =
                run.steps().stream().collect(Collectors.toMap(StepRecord::id, s -> s));
        for (Step step : pipeline.steps()) {
            steps.put(step.id(), known.getOrDefault(step.id(), StepRecord.pending(step.id())));
        }
    }

    public static Next next(Pipeline pipeline, RunRecord run, Instant now) {
        return new RunPolicy(pipeline, run, now).decide();
    }

    private Next decide() {
        if (run.state().isFinal()) {
            return new Next(run.state(), null, null, List.of(), List.of(), null);
        }
        if (!now.isBefore(run.deadline())) {
            return failed(new Problem(Problem.DEADLINE_EXCEEDED, "the run's deadline passed"));
        }
        look(run.deadline());
        pipeline.steps().forEach(this::advance);
        Optional<StepRecord> failed =
                steps.values().stream().filter(s -> s.state() == StepState.FAILED).findFirst();
        if (failed.isPresent()) {
            return failed(of(failed.get()));
        }
        return steps.values().stream().allMatch(s -> s.state().isDone())
                ? succeeded()
                : next(RunState.RUNNING, null, null);
    }

    private static Problem of(StepRecord step) {
        Problem why = Objects.requireNonNull(step.problem());
        return new Problem(why.code(), "step " + step.id() + ": " + why.message());
    }

    private Next succeeded() {
        try {
            Set<String> all = steps.keySet();
            JsonNode output = pipeline.output().fill(Scope.of(run.input(), steps, all).values());
            return next(RunState.SUCCEEDED, output, null);
        } catch (ExpressionException e) {
            return failed(new Problem(Problem.EXPRESSION_FAILED, "output: " + e.getMessage()));
        }
    }

    /** What else is under way ends with it. */
    private Next failed(Problem problem) {
        start.clear();
        List.copyOf(steps.values()).stream()
                .filter(s -> s.state().isActive())
                .forEach(s -> put(s.ended(StepState.CANCELLED, now, null, null)));
        return next(RunState.FAILED, null, problem);
    }

    private Next next(RunState state, @Nullable JsonNode output, @Nullable Problem problem) {
        return new Next(
                state,
                output,
                problem,
                List.copyOf(changed.values()),
                List.copyOf(start),
                state.isFinal() ? null : lookAt);
    }

    private void put(StepRecord step) {
        steps.put(step.id(), step);
        changed.put(step.id(), step);
    }

    private void look(Instant at) {
        Instant before = lookAt;
        lookAt = before == null || at.isBefore(before) ? at : before;
    }

    /** Steps come in an order in which each is after those that it needs, so once is enough. */
    private void advance(Step step) {
        StepRecord known = at(step);
        if (known.state() == StepState.PENDING
                && step.needs().stream().allMatch(n -> stateOf(n).isDone())) {
            begin(step, known);
        }
        switch (at(step).state()) {
            case RUNNING -> goOn(step, at(step));
            case WAITING -> checkWait(step, at(step));
            default -> {}
        }
    }

    private StepRecord at(Step step) {
        return Objects.requireNonNull(steps.get(step.id()));
    }

    private StepState stateOf(String id) {
        StepRecord step = steps.get(id);
        return step == null ? StepState.PENDING : step.state();
    }

    private Scope scope(Step step) {
        return Scope.of(run.input(), steps, step.needs());
    }

    private void begin(Step step, StepRecord known) {
        try {
            if (step.when() != null && !step.when().holds(scope(step).values())) {
                put(known.ended(StepState.SKIPPED, now, null, null));
                return;
            }
            switch (step.work()) {
                case Step.Value v ->
                        put(known.succeeded(now, v.value().fill(scope(step).values())));
                case Step.Wait _ -> put(known.started(StepState.WAITING, now, null));
                case Step.Calls c -> begin(step, known, c);
            }
        } catch (ExpressionException e) {
            fail(step, known, UnitPolicy.failed(e));
        }
    }

    private void begin(Step step, StepRecord known, Step.Calls work) {
        Step.MapOver map = work.map();
        if (map == null) {
            put(known.started(StepState.RUNNING, now, null));
            return;
        }
        JsonNode value = map.over().evaluate(scope(step).values());
        ArrayNode items = list(value);
        StepRecord started = known.started(StepState.RUNNING, now, items);
        if (items.size() > map.max()) {
            fail(
                    step,
                    started,
                    new Problem(
                            Problem.TOO_MANY_ITEMS,
                            items.size() + " items; accepted: up to " + map.max()));
        } else {
            put(started);
        }
    }

    /** JSONata does not tell a list of one from the one. */
    private static ArrayNode list(JsonNode value) {
        if (value instanceof ArrayNode list) {
            return list;
        }
        ArrayNode list = Json.MAPPER.createArrayNode();
        return value.isNull() ? list : list.add(value);
    }

    private void checkWait(Step step, StepRecord known) {
        Step.Wait wait = (Step.Wait) step.work();
        Instant started = Objects.requireNonNull(known.startedAt());
        if (wait.timeout() == null) {
            return;
        }
        Instant end = started.plus(wait.timeout());
        if (now.isBefore(end)) {
            look(end);
        } else {
            Problem late = new Problem(Problem.DEADLINE_EXCEEDED, "nothing came in time");
            fail(step, known, late);
        }
    }

    private void goOn(Step step, StepRecord known) {
        Step.Calls work = (Step.Calls) step.work();
        UnitPolicy policy = new UnitPolicy(step, work, calls);
        JsonNode items = known.items();
        int count = items == null ? 1 : items.size();
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Scope scope = scope(step);
            units.add(policy.of(i, items == null ? scope : scope.item(work, items, i)));
        }
        Optional<Problem> problem =
                units.stream()
                        .filter(Unit.Failed.class::isInstance)
                        .map(u -> ((Unit.Failed) u).problem())
                        .findFirst();
        if (problem.isPresent()) {
            put(known.failed(now, problem.get()));
        } else if (units.stream().allMatch(Unit.Done.class::isInstance)) {
            put(known.succeeded(now, output(units, items != null)));
        } else {
            startDue(step, work, known, units);
        }
    }

    private static JsonNode output(List<Unit> units, boolean asList) {
        if (!asList) {
            return ((Unit.Done) units.getFirst()).output();
        }
        ArrayNode list = Json.MAPPER.createArrayNode();
        units.forEach(u -> list.add(((Unit.Done) u).output()));
        return list;
    }

    private void startDue(Step step, Step.Calls work, StepRecord known, List<Unit> units) {
        long open = units.stream().filter(Unit.Open.class::isInstance).count();
        long room = (work.map() == null ? 1 : work.map().parallel()) - open;
        List<Unit.Due> due =
                units.stream()
                        .filter(Unit.Due.class::isInstance)
                        .map(Unit.Due.class::cast)
                        .limit(Math.max(0, room))
                        .toList();
        Instant end = end(step, known);
        Optional<Problem> refusal = due.isEmpty() ? Optional.empty() : refusal(step, end);
        if (refusal.isPresent()) {
            fail(step, known, refusal.get());
            return;
        }
        due.forEach(d -> start.add(new Next.Start(d.key(), d.request(), end)));
    }

    private Instant end(Step step, StepRecord known) {
        Instant started = Objects.requireNonNull(known.startedAt());
        Instant end = step.deadline() == null ? run.deadline() : started.plus(step.deadline());
        return end.isBefore(run.deadline()) ? end : run.deadline();
    }

    private Optional<Problem> refusal(Step step, Instant end) {
        if (!now.isBefore(end)) {
            return Optional.of(
                    new Problem(Problem.DEADLINE_EXCEEDED, "the step's deadline passed"));
        }
        List<CallRecord> own =
                calls.values().stream().filter(c -> c.key().step().equals(step.id())).toList();
        long tokens = own.stream().mapToLong(CallRecord::tokens).sum();
        var cost =
                own.stream()
                        .map(CallRecord::cost)
                        .reduce(java.math.BigDecimal.ZERO, java.math.BigDecimal::add);
        boolean spent =
                pipeline.budget().isSpent(run.tokens(), run.cost())
                        || step.budget().isSpent(tokens, cost);
        return spent
                ? Optional.of(new Problem(Problem.BUDGET_SPENT, "its budget is spent"))
                : Optional.empty();
    }

    /** A value in its place needs no task, so it is there whatever went wrong. */
    private void fail(Step step, StepRecord known, Problem problem) {
        Step.Fallback fallback = step.fallback();
        if (fallback != null && fallback.value() != null) {
            try {
                put(known.succeeded(now, fallback.value().fill(scope(step).values())));
                return;
            } catch (ExpressionException e) {
                put(known.failed(now, UnitPolicy.failed(e)));
                return;
            }
        }
        put(known.failed(now, problem));
    }
}
