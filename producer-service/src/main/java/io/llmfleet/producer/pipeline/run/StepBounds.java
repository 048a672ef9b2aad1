package io.llmfleet.producer.pipeline.run;

import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.definition.Step;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Says how long steps may take, and whether they may start anything more. */
record StepBounds(Pipeline pipeline, RunRecord run, Instant now) {

    Instant end(Step step, StepRecord known) {
        Instant started = Objects.requireNonNull(known.startedAt());
        Instant end = step.deadline() == null ? run.deadline() : started.plus(step.deadline());
        return end.isBefore(run.deadline()) ? end : run.deadline();
    }

    Optional<Problem> refusal(Step step, Instant end) {
        if (!now.isBefore(end)) {
            return Optional.of(
                    new Problem(Problem.DEADLINE_EXCEEDED, "the step's deadline passed"));
        }
        List<CallRecord> own =
                run.calls().stream().filter(c -> c.key().step().equals(step.id())).toList();
        long tokens = own.stream().mapToLong(CallRecord::tokens).sum();
        BigDecimal cost =
                own.stream().map(CallRecord::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
        boolean spent =
                pipeline.budget().isSpent(run.tokens(), run.cost())
                        || step.budget().isSpent(tokens, cost);
        return spent
                ? Optional.of(new Problem(Problem.BUDGET_SPENT, "its budget is spent"))
                : Optional.empty();
    }
}
