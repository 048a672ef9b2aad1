package io.llmfleet.producer.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.WorkerInfo;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownTargetsTests {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private List<WorkerInfo> live = List.of();
    private final KnownTargets targets =
            new KnownTargets(() -> live, List.of("default"), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void everyNameIsAcceptedWhileNoWorkerIsKnown() {
        assertThat(targets.accepts("gpt-4.1")).isTrue();
    }

    @Test
    void poolsAndModelsAndAnyAreAccepted() {
        live = List.of(worker("gpt-4.1"));

        assertThat(targets.accepts("any")).isTrue();
        assertThat(targets.accepts("default")).isTrue();
        assertThat(targets.accepts("gpt-4.1")).isTrue();
        assertThat(targets.accepts("gpt-5")).isFalse();
        assertThat(targets.accepted()).containsExactly("any", "default", "gpt-4.1");
    }

    @Test
    void modelIsRememberedWhenItsWorkerIsGone() {
        live = List.of(worker("gpt-4.1"));
        assertThat(targets.accepts("gpt-4.1")).isTrue();
        live = List.of();

        assertThat(targets.accepts("gpt-4.1")).isTrue();
    }

    private static WorkerInfo worker(String model) {
        return new WorkerInfo(
                "w", "default", List.of(model), List.of("chat"), 1, 0, List.of(), false, NOW, NOW);
    }
}
