package io.llmfleet.system.chaos.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.system.chaos.cases.StormPlan.Fault;
import io.llmfleet.system.chaos.cases.StormPlan.Kind;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StormPlanTests {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4711})
    void tenMinutesHaveEnoughOfEveryFault(long seed) {
        StormPlan plan = StormPlan.of(new Random(seed), TEN_MINUTES);

        assertThat(plan.count(Kind.KILL_BROKER)).isGreaterThanOrEqualTo(5);
        assertThat(plan.count(Kind.KILL_SERVICE)).isGreaterThanOrEqualTo(10);
        assertThat(plan.count(Kind.CUT)).isGreaterThanOrEqualTo(100);
        assertThat(plan.count(Kind.KILL_DATABASE)).isPositive();
        assertThat(plan.count(Kind.ALARM)).isPositive();
    }

    @Test
    void sameSeedIsTheSamePlan() {
        assertThat(StormPlan.of(new Random(7), TEN_MINUTES))
                .isEqualTo(StormPlan.of(new Random(7), TEN_MINUTES))
                .isNotEqualTo(StormPlan.of(new Random(8), TEN_MINUTES));
    }

    @Test
    void faultsAreInTheOrderOfTheirTimes() {
        assertThat(StormPlan.of(new Random(7), TEN_MINUTES).faults())
                .isSortedAccordingTo(Comparator.comparing(Fault::at));
    }
}
