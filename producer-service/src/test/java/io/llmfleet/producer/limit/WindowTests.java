package io.llmfleet.producer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTests {

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            value = {
                "used, left, remaining, reset, wanted, waits",
                "0,    60,   100,       0,     1,      0",
                "0,    60,   100,       0,     100,    0",
                "40,   20,   60,        20,    60,     0",
                "40,   20,   60,        20,    61,     20",
                "100,  20,   0,         20,    1,      20",
                "100,  20,   0,         20,    100,    20",
                // More was used than there is: the next minute has 50, the one after that all.
                "150,  20,   0,         80,    50,     20",
                "150,  20,   0,         80,    51,     80",
                "500,  20,   0,         260,   1,      260",
            })
    void saysWhatIsLeftAndWhenThereIsRoom(
            long used, int left, long remaining, int reset, long wanted, int waits) {
        Window window = new Window(100, used, Duration.ofSeconds(left));

        assertThat(window.remaining()).isEqualTo(remaining);
        assertThat(window.reset()).isEqualTo(Duration.ofSeconds(reset));
        assertThat(window.waitFor(wanted)).isEqualTo(Duration.ofSeconds(waits));
    }
}
