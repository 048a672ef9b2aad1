package io.llmfleet.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ServiceTimeTests {

    private final ServiceTime time = new ServiceTime();

    @Test
    void isUnknownBeforeTheFirstTask() {
        assertThat(time.meanMillis()).isNull();
    }

    @Test
    void isThePlainMeanAtFirst() {
        time.add(10_000_000);
        time.add(20_000_000);
        time.add(60_000_000);

        assertThat(time.meanMillis()).isCloseTo(30.0, within(0.001));
    }

    @Test
    void forgetsWhatWasLongAgo() {
        time.add(1_000_000_000);
        for (int i = 0; i < 200; i++) {
            time.add(10_000_000);
        }

        assertThat(time.meanMillis()).isCloseTo(10.0, within(0.1));
    }
}
