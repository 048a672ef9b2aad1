package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.run.CallRecord;
import io.llmfleet.producer.pipeline.run.Problem;
import io.llmfleet.producer.pipeline.run.RunState;
import io.llmfleet.producer.pipeline.run.StepRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One execution of a pipeline, as the store knows it.
 *
 * @param key the API key that its tasks count for
 * @param definition null once its content was erased, as are input and output
 * @param steps those that have begun
 * @param calls their tasks, those that a resumption set aside left out
 * @param tokens used by all of its tasks
 * @param resumed how often
 */
public record Run(
        UUID id,
        String tenant,
        @Nullable UUID key,
        String pipeline,
        int version,
        @Nullable Pipeline definition,
        @Nullable JsonNode input,
        RunState state,
        @Nullable JsonNode output,
        @Nullable Problem problem,
        String traceParent,
        Instant createdAt,
        Instant deadline,
        @Nullable Instant finishedAt,
        int resumed,
        List<StepRecord> steps,
        List<CallRecord> calls,
        long tokens,
        BigDecimal cost) {}
