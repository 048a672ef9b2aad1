package io.llmfleet.producer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTests {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "50,    0,      1,  20",
        "50,    100,    6,  120",
        "50,    999,    50, 1000",
        // A second is caught up with, no more.
        "50,    10000,  50, 10000",
        "0.1,   0,      1,  10000",
        "0.1,   60000,  1,  69000",
        // A portion is bounded, and what is left is due at once.
        "1000,  500,    50, 50",
    })
    void takesWhatIsDue(double rate, long afterMillis, int number, long paidMillis) {
        Pace.Due due = new Pace(rate).due(START, START.plusMillis(afterMillis));

        assertThat(due.number()).isEqualTo(number);
        assertThat(due.paidUntil()).isEqualTo(START.plusMillis(paidMillis));
    }

    @Test
    void takesNothingBeforeTheNextIsDue() {
        assertThat(new Pace(50).due(START.plusMillis(20), START).number()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"50, 7", "3, 100", "200, 33"})
    void neverTakesMoreThanTheRateAllows(double rate, int stepMillis) {
        Pace pace = new Pace(rate);
        Instant paid = START;
        int taken = 0;
        for (Instant now = START;
                now.isBefore(START.plusSeconds(20));
                now = now.plusMillis(stepMillis)) {
            Pace.Due due = pace.due(paid, now);
            taken += due.number();
            paid = due.paidUntil();
            double elapsed = Duration.between(START, now).toNanos() / 1e9;
            assertThat((double) taken).isLessThanOrEqualTo(1 + elapsed * rate + 1e-6);
        }
        assertThat((double) taken).isGreaterThan(rate * 19);
    }
}
