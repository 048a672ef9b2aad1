package io.llmfleet.producer.pipeline.run;

import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.definition.Step;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the steps of a run came to so far, where one may stand in for another. */
public final class StepRecords {

    private final Pipeline pipeline;
    private final Map<String, StepRecord> records = new LinkedHashMap<>();

    StepRecords(Pipeline pipeline, List<StepRecord> stored) {
        this.pipeline = pipeline;
        Map<String, StepRecord> known =
                stored.stream().collect(Collectors.toMap(StepRecord::id, s -> s));
        for (Step step : pipeline.steps()) {
            records.put(step.id(), known.getOrDefault(step.id(), StepRecord.pending(step.id())));
        }
    }

    StepRecord of(String id) {
        return Objects.requireNonNull(records.get(id));
    }

    void put(StepRecord record) {
        records.put(record.id(), record);
    }

    Collection<StepRecord> all() {
        return List.copyOf(records.values());
    }

    /** It, or what stands in for it. */
    StepRecord lastOf(String id) {
        StepRecord record = of(id);
        while (record.state() == StepState.REPLACED) {
            record = of(Objects.requireNonNull(pipeline.step(record.id()).standIn()));
        }
        return record;
    }

    /** Steps that need it may start. */
    boolean isDone(String id) {
        return lastOf(id).state().isDone();
    }

    private boolean hasBegun(String id) {
        return of(id).state() != StepState.PENDING;
    }

    Optional<StepRecord> failed() {
        return records.values().stream().filter(s -> s.state() == StepState.FAILED).findFirst();
    }

    /** Why these steps cannot be read, if they were done and cannot. */
    Optional<Problem> erased(Collection<String> needs) {
        return needs.stream()
                .filter(n -> lastOf(n).isErased())
                .findFirst()
                .map(
                        n ->
                                new Problem(
                                        Problem.CONTENT_ERASED,
                                        "what step " + n + " came to was deleted"));
    }

    /** Those that this one stands in for now. */
    List<StepRecord> replacedBy(Step step) {
        return pipeline.replacedBy(step.id()).stream()
                .map(s -> of(s.id()))
                .filter(s -> s.state() == StepState.REPLACED)
                .toList();
    }

    /** All that it could stand in for was done without it. */
    boolean isUnneeded(Step step) {
        List<Step> replaced = pipeline.replacedBy(step.id());
        return !replaced.isEmpty() && replaced.stream().allMatch(s -> of(s.id()).state().isDone());
    }

    /** Nobody stands in for nobody: such a step begins by itself. */
    boolean isWanted(Step step) {
        return pipeline.replacedBy(step.id()).isEmpty() || !replacedBy(step).isEmpty();
    }

    /**
     * What changes when a run is resumed: what did not succeed, and has no stand-in that did, is
     * done again, and those that stood in for it wait for its failure again.
     */
    public static List<StepRecord> resumed(
            Pipeline pipeline, List<StepRecord> stored, Instant now) {
        StepRecords known = new StepRecords(pipeline, stored);
        Map<String, StepRecord> changed = new LinkedHashMap<>();
        for (Step step : pipeline.steps()) {
            StepRecord last = known.lastOf(step.id());
            boolean waits =
                    pipeline.replacedBy(step.id()).stream()
                            .anyMatch(s -> changed.containsKey(s.id()));
            if (waits && last.state() != StepState.SUCCEEDED) {
                changed.put(step.id(), StepRecord.pending(step.id()));
            } else if (known.hasBegun(step.id()) && !last.state().isDone()) {
                changed.put(step.id(), known.of(step.id()).again(now));
            }
        }
        return List.copyOf(changed.values());
    }
}
