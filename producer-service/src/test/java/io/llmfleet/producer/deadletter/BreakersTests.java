package io.llmfleet.producer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.producer.deadletter.Breakers.Backend;
import io.llmfleet.wire.WorkerInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BreakersTests {

    @Test
    void isOpenWhileOneWorkerSaysSo() {
        assertThat(
                        Breakers.open(
                                List.of(
                                        worker("a", List.of("small", "large"), List.of("large")),
                                        worker("a", List.of("small", "large"), List.of()),
                                        worker("b", List.of("large"), List.of()))))
                .isEqualTo(
                        Map.of(
                                new Backend("a", "small"), false,
                                new Backend("a", "large"), true,
                                new Backend("b", "large"), false));
    }

    @Test
    void saysNothingOfWhatNoLiveWorkerHas() {
        assertThat(Breakers.open(List.of())).isEmpty();
    }

    private static WorkerInfo worker(String pool, List<String> models, List<String> paused) {
        Instant now = Instant.now();
        return new WorkerInfo("w", pool, models, List.of("chat"), 1, 0, paused, false, now, now);
    }
}
