package io.llmfleet.producer.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentDepthsTests {

    private Instant now = Instant.EPOCH;
    private long asked;
    private boolean away;

    private final RecentDepths depths =
            new RecentDepths(
                    () -> {
                        if (away) {
                            throw new IllegalStateException("away");
                        }
                        return Map.of("llm.replies.q", ++asked);
                    },
                    new Clock() {
                        @Override
                        public ZoneId getZone() {
                            return ZoneOffset.UTC;
                        }

                        @Override
                        public Clock withZone(ZoneId zone) {
                            return this;
                        }

                        @Override
                        public Instant instant() {
                            return now;
                        }
                    });

    @Test
    void asksTheBrokerOnceASecondHoweverManyWantToKnow() {
        assertThat(depths.now()).containsEntry("llm.replies.q", 1L);
        assertThat(depths.now()).containsEntry("llm.replies.q", 1L);

        now = now.plus(Duration.ofMillis(1_001));

        assertThat(depths.now()).containsEntry("llm.replies.q", 2L);
    }

    @Test
    void knowsNothingWhileTheBrokerIsAway() {
        away = true;

        assertThat(depths.now()).isEmpty();
    }
}
