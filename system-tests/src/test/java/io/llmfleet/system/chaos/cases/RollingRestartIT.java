package io.llmfleet.system.chaos.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.system.chaos.CaseReport;
import io.llmfleet.system.chaos.check.Counters;
import org.junit.jupiter.api.Test;

/** An upgrade's restarts under load: two producers, two routers, three workers, one by one. */
class RollingRestartIT {

    private static final int TASKS = 2_000;

    @Test
    void everyTaskIsDoneOnceWhileEveryProcessIsReplaced() {
        CaseReport report = Fleets.run(new RollingRestart(TASKS));

        Counters counters = report.counters();
        assertThat(report.broken()).as(report.toString()).isEmpty();
        assertThat(counters.accepted()).isGreaterThanOrEqualTo(TASKS);
        assertThat(counters.lost()).isZero();
        assertThat(counters.duplicateEffects()).isZero();
    }
}
