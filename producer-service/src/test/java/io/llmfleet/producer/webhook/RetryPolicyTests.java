package io.llmfleet.producer.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTests {

    private final RetryPolicy policy =
            new RetryPolicy(List.of(Duration.ofSeconds(10), Duration.ofMinutes(10)));

    @ParameterizedTest
    @CsvSource({
        // tries, status, retryAfter, chance, wait
        "1, 500,      , 0.5, PT10S",
        "1,    ,      , 0.5, PT10S",
        "1, 500,      , 0,   PT8S",
        "1, 500,      , 1,   PT12S",
        "2, 301,      , 0.5, PT10M",
        "1, 429, PT45S, 0.5, PT45S",
        "1, 429, PT1S,  0.5, PT10S",
        "1, 503, PT99H, 0.5, PT24H",
    })
    void waits(int tries, Integer status, Duration retryAfter, double chance, Duration wait) {
        assertThat(policy.wait(tries, status, retryAfter, chance)).contains(wait);
    }

    @Test
    void givesUpAfterTheLastTryAndWhereTheReceiverIsGone() {
        assertThat(policy.wait(3, 500, null, 0.5)).isEmpty();
        assertThat(policy.wait(1, 410, null, 0.5)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"200, true", "204, true", "199, false", "301, false", "404, false", ", false"})
    void onlySuccessIsDelivery(Integer status, boolean delivered) {
        assertThat(RetryPolicy.isDelivered(status)).isEqualTo(delivered);
    }
}
