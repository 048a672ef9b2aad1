package io.llmfleet.system.chaos.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.system.chaos.ChaosCase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CasesTests {

    @Test
    void namesAreUnique() {
        assertThat(Cases.all().stream().map(ChaosCase::name)).doesNotHaveDuplicates();
    }

    @Test
    void onlyThoseOfABrokerOfSeveralNodesNeedContainers() {
        assertThat(Cases.all().stream().filter(c -> !c.runsOn("local")).map(ChaosCase::name))
                .containsExactly("F27");
        assertThat(Cases.all()).allMatch(c -> c.runsOn("docker"));
    }

    @Test
    void casesWithTheSameFleetAreTogether() {
        List<Object> plans = new ArrayList<>();
        for (ChaosCase c : Cases.all()) {
            if (plans.isEmpty() || !plans.getLast().equals(c.plan())) {
                plans.add(c.plan());
            }
        }
        assertThat(plans).doesNotHaveDuplicates();
    }
}
