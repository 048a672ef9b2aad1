package io.llmfleet.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimatesTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Context CHAT = new Context("chat", 1);

    private final Estimates estimates = new Estimates(Learning.DEFAULT);

    @Test
    void attemptCountsHalfAfterAHalfLife() {
        add(CHAT, true, 100.0, NOW);
        Duration halfLife = Learning.DEFAULT.halfLife();

        assertThat(estimates.of(CHAT, "p", NOW).attempts()).isCloseTo(1, within(1e-9));
        assertThat(estimates.of(CHAT, "p", NOW.plus(halfLife)).attempts())
                .isCloseTo(0.5, within(1e-9));
    }

    @Test
    void estimateStandsOnNoMoreThanItsMemory() {
        for (int i = 0; i < 10_000; i++) {
            add(CHAT, true, 100.0, NOW);
        }

        assertThat(estimates.of(CHAT, "p", NOW).attempts())
                .isLessThanOrEqualTo(Learning.DEFAULT.memory());
    }

    @Test
    void changeIsSeenWithinAMemory() {
        for (int i = 0; i < 1_000; i++) {
            add(CHAT, true, 100.0, NOW);
        }
        for (int i = 0; i < Learning.DEFAULT.memory(); i++) {
            add(CHAT, false, 900.0, NOW);
        }

        assertThat(estimates.of(CHAT, "p", NOW).success()).isLessThan(0.4);
        assertThat(estimates.of(CHAT, "p", NOW).millis()).isGreaterThan(550);
    }

    @Test
    void contextBeginsAsAllOthersAre() {
        for (int i = 0; i < 50; i++) {
            add(CHAT, i % 2 == 0, 100.0, NOW);
        }

        Estimate unseen = estimates.of(new Context("summarize", 1), "p", NOW);

        assertThat(unseen.attempts()).isZero();
        assertThat(unseen.success()).isCloseTo(0.5, within(0.05));
        assertThat(unseen.millis()).isCloseTo(100, within(1e-6));
        assertThat(unseen.cost()).isNull();
    }

    @Test
    void candidateThatNobodyHasTriedIsThoughtWellOf() {
        assertThat(estimates.of(CHAT, "p", NOW)).isEqualTo(new Estimate(0, 0.95, null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1024, 0",
        "1025, 1",
        "4096, 1",
        "4097, 2",
        "1048576, 5",
        "1048577, 6",
        "9999999, 6"
    })
    void bucketIsFourTimesAsWideAsTheOneBefore(int size, int bucket) {
        assertThat(Context.of("chat", size).bucket()).isEqualTo(bucket);
    }

    private void add(Context context, boolean succeeded, Double millis, Instant at) {
        estimates.add(context, "p", new Outcome(succeeded, millis, null), at);
    }
}
