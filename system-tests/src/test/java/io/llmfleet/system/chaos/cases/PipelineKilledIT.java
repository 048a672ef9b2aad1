package io.llmfleet.system.chaos.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.system.chaos.CaseReport;
import io.llmfleet.system.chaos.ChaosReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run of a pipeline, in which every service is killed. */
class PipelineKilledIT {

    @Test
    void noStepWhoseResultIsConfirmedIsCalledAgain() {
        ChaosReport report = Fleets.run("local", List.of(new PipelineKilled()));

        assertThat(report.cases()).flatExtracting(CaseReport::broken).isEmpty();
    }
}
