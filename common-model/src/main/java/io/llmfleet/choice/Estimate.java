package io.llmfleet.choice;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate is expected to do with the next task.
 *
 * @param attempts on how many attempts this stands; old ones count less
 * @param success share of attempts that succeed, from 0 to 1
 * @param millis of a call; null while none was seen
 * @param cost of an attempt; null while none was seen
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Estimate(
        double attempts, double success, @Nullable Double millis, @Nullable Double cost) {}
