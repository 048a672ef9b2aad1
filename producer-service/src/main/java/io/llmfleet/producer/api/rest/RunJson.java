package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.pipeline.Run;
import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.definition.Step;
import io.llmfleet.producer.pipeline.run.CallRecord;
import io.llmfleet.producer.pipeline.run.Problem;
import io.llmfleet.producer.pipeline.run.RunState;
import io.llmfleet.producer.pipeline.run.StepRecord;
import io.llmfleet.producer.pipeline.run.StepState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A run as the API shows it. */
@Schema(name = "Run", description = "One execution of a pipeline.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunJson(
        UUID id,
        String pipeline,
        int version,
        RunState state,
        Instant createdAt,
        Instant deadline,
        @Nullable Instant finishedAt,
        @Schema(description = "How often it was resumed.") int resumed,
        @Nullable Used usage,
        @Schema(types = "object") @Nullable JsonNode input,
        @Nullable JsonNode output,
        @Nullable Problem failure,
        @Nullable List<StepJson> steps) {

    /** What its tasks used so far. */
    record Used(long tokens, BigDecimal cost) {}

    /** A step as the API shows it. */
    @Schema(name = "RunStep")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StepJson(
            String id,
            @Schema(description = "The steps that it comes after.") List<String> needs,
            @Schema(description = "The step that takes over when it fails.")
                    @Nullable String fallback,
            StepState state,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Schema(description = "What it waits for.") @Nullable String waitsFor,
            @Schema(description = "How many items its list has.") @Nullable Integer items,
            @Nullable JsonNode output,
            @Nullable Problem failure,
            List<CallJson> tasks) {}

    /** A task of a step. */
    @Schema(name = "RunTask")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CallJson(
            UUID id,
            int item,
            @Schema(description = "Of its loop, from 1; 0 for the fallback.") int iteration,
            int part,
            int attempt,
            @Schema(description = "Left out until it is final.") @Nullable TaskState state,
            Instant createdAt,
            @Nullable Instant finishedAt,
            @Nullable Problem failure) {

        static CallJson of(CallRecord call) {
            return new CallJson(
                    call.task(),
                    call.key().item(),
                    call.key().iteration(),
                    call.key().part(),
                    call.key().attempt(),
                    call.state(),
                    call.createdAt(),
                    call.finishedAt(),
                    call.problem());
        }
    }

    static RunJson of(Run run) {
        return of(run, new Used(run.tokens(), run.cost()), steps(run));
    }

    static RunJson summary(Run run) {
        return of(run, null, null);
    }

    private static RunJson of(Run run, @Nullable Used used, @Nullable List<StepJson> steps) {
        return new RunJson(
                run.id(),
                run.pipeline(),
                run.version(),
                run.state(),
                run.createdAt(),
                run.deadline(),
                run.finishedAt(),
                run.resumed(),
                used,
                run.input(),
                run.output(),
                run.problem(),
                steps);
    }

    private static List<StepJson> steps(Run run) {
        Pipeline definition = run.definition();
        return definition == null
                ? run.steps().stream().map(s -> step(run, s, null)).toList()
                : definition.steps().stream().map(s -> step(run, record(run, s), s)).toList();
    }

    private static StepRecord record(Run run, Step step) {
        return run.steps().stream()
                .filter(s -> s.id().equals(step.id()))
                .findFirst()
                .orElse(StepRecord.pending(step.id()));
    }

    private static StepJson step(Run run, StepRecord record, @Nullable Step step) {
        boolean waits = record.state() == StepState.WAITING;
        JsonNode items = record.items();
        return new StepJson(
                record.id(),
                step == null ? List.of() : List.copyOf(step.needs()),
                step == null ? null : step.standIn(),
                record.state(),
                record.startedAt(),
                record.finishedAt(),
                waits && step != null && step.work() instanceof Step.Wait w ? w.reason() : null,
                items == null ? null : items.size(),
                record.output(),
                record.problem(),
                run.calls().stream()
                        .filter(c -> c.key().step().equals(record.id()))
                        .map(CallJson::of)
                        .toList());
    }
}
