package io.llmfleet.producer.pipeline.run;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A run as it was read.
 *
 * @param calls those that count; what a resumption set aside does not
 * @param tokens used so far, by all of its tasks
 */
public record RunRecord(
        RunState state,
        JsonNode input,
        Instant deadline,
        List<StepRecord> steps,
        List<CallRecord> calls,
        long tokens,
        BigDecimal cost) {}
