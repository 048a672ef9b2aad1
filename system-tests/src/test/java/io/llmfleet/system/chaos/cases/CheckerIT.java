package io.llmfleet.system.chaos.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.system.chaos.CaseReport;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import org.junit.jupiter.api.Test;

/** The checker finds what a fleet does wrong that breaks one rule on purpose. */
class CheckerIT {

    @Test
    void workerThatAcknowledgesBeforeItPublishesIsFoundToLoseTasks() {
        CaseReport report = Fleets.run(new LossyWorkers());

        assertThat(report.counters().lost()).isEqualTo(LossyWorkers.TASKS);
        assertThat(report.broken()).contains(LossyWorkers.TASKS + " accepted tasks are lost");
    }

    @Test
    void producerWithoutFencingIsFoundToLetResultsTakeEffectTwice() {
        CaseReport report = Fleets.run(new Unfenced());

        assertThat(report.counters().duplicateEffects()).isPositive();
        assertThat(report.broken()).anyMatch(b -> b.endsWith("effects took place twice"));
    }

    /** Second, contrary results for producers that take them. */
    private static final class Unfenced implements ChaosCase {

        private final ChaosCase twoResults = new TwoResults();

        @Override
        public String name() {
            return "unfenced";
        }

        @Override
        public String fault() {
            return twoResults.fault() + ", fencing off";
        }

        @Override
        public FleetPlan plan() {
            return FleetPlan.usual().with("FLEET_TASK_FENCING", "false");
        }

        @Override
        public void run(ChaosRun run) throws Exception {
            twoResults.run(run);
        }
    }
}
