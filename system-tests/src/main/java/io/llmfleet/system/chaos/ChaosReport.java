package io.llmfleet.system.chaos;

import java.util.List;

/** All cases of one run. */
public record ChaosReport(String broker, long seed, boolean held, List<CaseReport> cases) {

    static ChaosReport of(String broker, long seed, List<CaseReport> cases) {
        return new ChaosReport(
                broker, seed, cases.stream().allMatch(CaseReport::held), List.copyOf(cases));
    }
}
