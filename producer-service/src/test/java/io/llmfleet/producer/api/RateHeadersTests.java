package io.llmfleet.producer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateHeadersTests {

    @ParameterizedTest
    @CsvSource({
        "0,       0s",
        "-5,      0s",
        "20,      20ms",
        "999,     999ms",
        "1000,    1s",
        "1500,    1.5s",
        "59999,   59.999s",
        "60000,   1m0s",
        "61200,   1m1.2s",
        "360000,  6m0s",
        "3661000, 1h1m1s",
    })
    void writesDurationsAsOpenAiDoes(long millis, String text) {
        assertThat(RateHeaders.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
