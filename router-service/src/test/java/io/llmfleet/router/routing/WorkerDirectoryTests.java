package io.llmfleet.router.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.WorkerInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerDirectoryTests {

    private static final Duration HOUR = Duration.ofHours(1);

    private final Time time = new Time();
    private final WorkerDirectory directory =
            new WorkerDirectory(
                    new RoutingProperties(
                            List.of("default"),
                            List.of(),
                            Map.of(),
                            Routing.LEARNING,
                            null,
                            HOUR,
                            HOUR,
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(10)),
                    time);

    @Test
    void workerThatIsSilentIsGoneAndItsModelIsMissed() {
        announce("w1", "llama");
        time.pass(Duration.ofSeconds(11));

        assertThat(directory.known().live()).isEmpty();
        assertThat(directory.known().missedModels()).containsExactly("llama");
    }

    @Test
    void modelIsForgottenWhenNobodyWaitsForItAnyLonger() {
        announce("w1", "llama");
        time.pass(HOUR.plusSeconds(1));

        assertThat(directory.known().missedModels()).isEmpty();
    }

    @Test
    void routerWarmsUpAgainWhenItHearsAfterASilence() {
        announce("w1", "llama");
        time.pass(Duration.ofSeconds(8));
        announce("w1", "llama");
        time.pass(Duration.ofSeconds(8));
        assertThat(directory.known().warmingUp()).isFalse();

        time.pass(Duration.ofSeconds(20));
        announce("w1", "llama");

        assertThat(directory.known().warmingUp()).isTrue();
        time.pass(Duration.ofSeconds(11));
        assertThat(directory.known().warmingUp()).isFalse();
    }

    private void announce(String name, String model) {
        directory.heard(
                new WorkerInfo(
                        name,
                        "default",
                        List.of(model),
                        List.of("chat"),
                        4,
                        0,
                        List.of(),
                        false,
                        time.instant(),
                        time.instant()));
    }

    private static final class Time extends Clock {

        private Instant now = Instant.parse("2030-01-01T00:00:00Z");

        void pass(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
