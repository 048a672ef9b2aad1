package io.llmfleet.system.chaos;

import io.llmfleet.system.chaos.check.Counters;
import java.util.List;

/**
 * What came of one case.
 *
 * @param broken promises that did not hold, one line each
 * @param notes what else is worth knowing
 */
public record CaseReport(
        String name,
        String fault,
        double seconds,
        Counters counters,
        List<String> broken,
        List<String> notes) {

    public boolean held() {
        return broken.isEmpty();
    }
}
