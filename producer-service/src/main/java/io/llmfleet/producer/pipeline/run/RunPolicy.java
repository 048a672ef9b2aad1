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
import java.util.UUID;
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
    private final StepRecords steps;
    private final StepBounds bounds;
    private final Map<String, StepRecord> changed = new LinkedHashMap<>();
    private final Map<CallKey, CallRecord> calls = new LinkedHashMap<>();
    private final List<Next.Start> start = new ArrayList<>();
    private @Nullable Instant lookAt;

    private RunPolicy(Pipeline pipeline, RunRecord run, Instant now) {
        this.pipeline = pipeline;
        this.run = run;
        this.now = now;
        this.steps = new StepRecords(pipeline, run.steps());
        this.bounds = new StepBounds(pipeline, run, now);
        run.calls().forEach(c -> calls.put(c.key(), c));
    }

    public static Next next(Pipeline pipeline, RunRecord run, Instant now) {
        return new RunPolicy(pipeline, run, now).decide();
    }

    private Next decide() {
        if (run.state().isFinal()) {
            return Next.none(run.state());
        }
        if (!now.isBefore(run.deadline())) {
            return failed(new Problem(Problem.DEADLINE_EXCEEDED, "the run's deadline passed"));
        }
        look(run.deadline());
        pipeline.steps().forEach(this::advance);
        Optional<StepRecord> failed = steps.failed();
        if (failed.isPresent()) {
            return failed(of(failed.get()));
        }
        return pipeline.steps().stream().allMatch(s -> steps.isDone(s.id()))
                ? succeeded()
                : next(RunState.RUNNING, null, null);
    }

    private static Problem of(StepRecord step) {
        Problem why = Objects.requireNonNull(step.problem());
        return new Problem(why.code(), "step " + step.id() + ": " + why.message());
    }

    private Next succeeded() {
        Optional<Problem> erased = steps.erased(pipeline.output().steps());
        if (erased.isPresent()) {
            return failed(new Problem(erased.get().code(), "output: " + erased.get().message()));
        }
        try {
            List<String> all = pipeline.steps().stream().map(Step::id).toList();
            JsonNode output = pipeline.output().fill(Scope.of(run.input(), steps, all).values());
            return next(RunState.SUCCEEDED, output, null);
        } catch (ExpressionException e) {
            return failed(new Problem(Problem.EXPRESSION_FAILED, "output: " + e.getMessage()));
        }
    }

    /** What else is under way ends with it. */
    private Next failed(Problem problem) {
        start.clear();
        steps.all().stream()
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
                state.isFinal() ? List.of() : unneeded(),
                state.isFinal() ? null : lookAt);
    }

    /** What a step leaves behind that is over before all of its tasks are. */
    private List<UUID> unneeded() {
        return calls.values().stream()
                .filter(c -> c.state() == null)
                .filter(c -> !steps.of(c.key().step()).state().isActive())
                .map(CallRecord::task)
                .toList();
    }

    private void put(StepRecord step) {
        steps.put(step);
        changed.put(step.id(), step);
    }

    private void look(Instant at) {
        Instant before = lookAt;
        lookAt = before == null || at.isBefore(before) ? at : before;
    }

    /** Each step comes after all that it waits for, so once is enough. */
    private void advance(Step step) {
        if (at(step).state() == StepState.PENDING && steps.failed().isEmpty()) {
            beginIfDue(step, at(step));
        }
        switch (at(step).state()) {
            case RUNNING -> goOn(step, at(step));
            case WAITING -> checkWait(step, at(step));
            default -> {}
        }
    }

    private void beginIfDue(Step step, StepRecord known) {
        if (steps.isUnneeded(step)) {
            put(known.ended(StepState.SKIPPED, now, null, null));
        } else if (steps.isWanted(step) && step.needs().stream().allMatch(steps::isDone)) {
            steps.erased(step.needs())
                    .ifPresentOrElse(p -> giveUp(step, known, p), () -> begin(step, known));
        }
    }

    private StepRecord at(Step step) {
        return steps.of(step.id());
    }

    private Scope scope(Step step) {
        return Scope.of(run.input(), steps, step.needs());
    }

    private void begin(Step step, StepRecord known) {
        try {
            if (step.when() != null && !step.when().holds(scope(step).values())) {
                skip(step, known);
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

    /** Then nothing stands in for those that it should have. */
    private void skip(Step step, StepRecord known) {
        put(known.ended(StepState.SKIPPED, now, null, null));
        steps.replacedBy(step)
                .forEach(s -> put(s.failed(now, Objects.requireNonNull(s.problem()))));
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
        if (work.map() != null && items == null) {
            giveUp(step, known, new Problem(Problem.CONTENT_ERASED, "its list was deleted"));
            return;
        }
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
            giveUp(step, known, problem.get());
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
        Instant end = bounds.end(step, known);
        Optional<Problem> refusal =
                due.isEmpty()
                        ? Optional.empty()
                        : steps.erased(step.needs()).or(() -> bounds.refusal(step, end));
        if (refusal.isPresent()) {
            fail(step, known, refusal.get());
            return;
        }
        due.forEach(d -> start.add(new Next.Start(d.key(), d.request(), end)));
    }

    /** A value in its place needs no task, so it is there whatever went wrong. */
    private void fail(Step step, StepRecord known, Problem problem) {
        if (!(step.fallback() instanceof Step.OtherValue other)) {
            giveUp(step, known, problem);
            return;
        }
        try {
            put(known.succeeded(now, other.value().fill(scope(step).values())));
        } catch (ExpressionException e) {
            put(known.failed(now, UnitPolicy.failed(e)));
        }
    }

    private void giveUp(Step step, StepRecord known, Problem problem) {
        StepState as = step.standIn() == null ? StepState.FAILED : StepState.REPLACED;
        put(known.ended(as, now, null, problem));
    }
}
