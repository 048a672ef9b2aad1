package io.llmfleet.system.chaos.check;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What every run counts.
 *
 * @param attempted tasks that clients sent
 * @param accepted of them, those that a client was told are accepted
 * @param finals accepted tasks with a final state or a result
 * @param lost accepted tasks without one
 * @param unexpected tasks or answers that nobody asked for, or that belong to another task
 * @param duplicateMessages replies and result messages beyond one for each effect
 * @param duplicateEffects final states, events or results that took effect a second time
 * @param parked dead letters that wait for a decision
 * @param lateDropped replies that came and had no effect
 * @param inversions pairs of one conversation that finished in the wrong order
 * @param callsBeyondOne backend calls beyond one for each task
 * @param longestRecoveryMillis from the end of a fault to the next answer; null without faults
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Counters(
        int attempted,
        int accepted,
        int finals,
        int lost,
        int unexpected,
        int duplicateMessages,
        int duplicateEffects,
        int parked,
        int lateDropped,
        int inversions,
        int callsBeyondOne,
        int brokerKills,
        int serviceKills,
        int connectionsCut,
        @Nullable Long longestRecoveryMillis) {}
