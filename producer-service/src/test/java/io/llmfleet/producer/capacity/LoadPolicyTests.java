package io.llmfleet.producer.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.llmfleet.model.Priority;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the model says beside what was measured. */
class LoadPolicyTests {

    private static final double WINDOW = 100;

    @Test
    void anMM1PoolHasTheFiguresOfTheTextbook() {
        Traffic all = traffic(null, 80, 1.0);

        PoolLoad load = LoadPolicy.load(all, List.of(), 1, 1, WINDOW);

        assertThat(load.arrivalRate()).isEqualTo(0.8);
        assertThat(load.serviceRate()).isEqualTo(1);
        assertThat(load.utilisation()).isCloseTo(0.8, offset(1e-9));
        assertThat(load.waits().predicted()).isCloseTo(4 + 0.01, offset(1e-9));
        assertThat(load.waits().measured()).isEqualTo(4.2);
    }

    @Test
    void littlesRatioIsTheAveragePresenceByRateTimesStay() {
        PoolLoad load = LoadPolicy.load(traffic(null, 80, 1.0), List.of(), 1, 1, WINDOW);

        assertThat(load.little().length()).isEqualTo(4);
        assertThat(load.little().ratio()).isCloseTo(4 / (0.8 * 5), offset(1e-9));
    }

    @Test
    void higherPrioritiesArePredictedToWaitLess() {
        Traffic all = traffic(null, 80, 1.0);
        List<Traffic> classes =
                List.of(traffic(Priority.HIGH, 40, 1.0), traffic(Priority.LOW, 40, 1.0));

        PoolLoad load = LoadPolicy.load(all, classes, 1, 1, WINDOW);

        assertThat(load.priorities())
                .extracting(PoolLoad.ClassLoad::priority)
                .containsExactly("high", "low");
        assertThat(load.priorities().getFirst().waitPredicted())
                .isCloseTo(0.01 + 0.8 / 0.6, offset(1e-9));
        assertThat(load.priorities().getLast().waitPredicted())
                .isCloseTo(0.01 + 0.8 / 0.6 / 0.2, offset(1e-9));
    }

    @Test
    void moreThanCanBeDoneHasNoPrediction() {
        PoolLoad load = LoadPolicy.load(traffic(null, 120, 1.0), List.of(), 1, 1, WINDOW);

        assertThat(load.utilisation()).isGreaterThan(1);
        assertThat(load.waits().predicted()).isNull();
        assertThat(load.waits().predictedP95()).isNull();
    }

    @Test
    void poolWithoutWorkersOrWithoutHistoryHasNoPrediction() {
        assertThat(LoadPolicy.load(traffic(null, 80, 1.0), List.of(), 0, 0, WINDOW).utilisation())
                .isNull();
        assertThat(LoadPolicy.load(traffic(null, 80, null), List.of(), 1, 4, WINDOW).utilisation())
                .isNull();
    }

    private static Traffic traffic(Priority priority, long arrived, Double service) {
        Double variance = service == null ? null : service * service;
        return new Traffic(
                "default", priority, arrived, arrived, arrived, 3, 2, 400, 5.0, 4.2, 0.01, service,
                variance);
    }
}
