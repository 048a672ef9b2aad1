package io.llmfleet.producer.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Limit;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class LimitPropertiesTests {

    @Test
    void whatIsLeftOutIsNotLimited() {
        assertThat(of(null, null, null).defaults()).isEqualTo(KeyLimits.NONE);
    }

    @Test
    void aKeysOwnLimitsCountMoreThanTheDefaults() {
        KeyLimits defaults = of(60L, new BigDecimal("5"), DataSize.ofKilobytes(1)).defaults();
        KeyLimits own =
                KeyLimits.NONE.with(
                        Map.of(
                                Limit.REQUESTS_PER_MINUTE,
                                Optional.of(new BigDecimal("1e3")),
                                Limit.COST_PER_DAY,
                                Optional.empty()));

        KeyLimits all = own.orElse(defaults);

        assertThat(all.wire().toString())
                .isEqualTo("{requestsPerMinute=1000, costPerDay=5, bodySize=1024}");
        assertThat(all.whole(Limit.REQUESTS_PER_MINUTE)).hasValue(1000);
        assertThat(all.whole(Limit.QUEUED_TASKS)).isEmpty();
    }

    @Test
    void wrongValueIsNamedWithWhatIsAccepted() {
        assertThatThrownBy(() -> of(0L, null, null))
                .hasMessage(
                        "fleet.limits.requests-per-minute is 0, accepted: a whole number from 1 to"
                                + " 1000000000");
        assertThatThrownBy(() -> of(null, BigDecimal.ZERO, null))
                .hasMessageStartingWith("fleet.limits.cost-per-day is 0, accepted: a number from");
        assertThatThrownBy(() -> of(null, null, DataSize.ofMegabytes(5)))
                .hasMessageContaining("fleet.limits.body-size is 5242880")
                .hasMessageContaining("4194304");
    }

    private static LimitProperties of(Long requests, BigDecimal cost, DataSize body) {
        return new LimitProperties(requests, null, null, null, cost, body, null);
    }
}
