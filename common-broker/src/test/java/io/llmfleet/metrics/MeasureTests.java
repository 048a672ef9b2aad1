package io.llmfleet.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasureTests {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void metersOfOneMeasureAreToldApartByTheirTags() {
        Tagged<io.micrometer.core.instrument.Counter> counters =
                Measure.counter("a.b", "Something", "x", "y").counters(registry);

        counters.of("1", "2").increment();
        counters.of("1", "2").increment();
        counters.of("2", "2").increment();

        assertThat(registry.get("a.b").tags("x", "1", "y", "2").counter().count()).isEqualTo(2);
        assertThat(registry.get("a.b").tags("x", "2").counter().count()).isEqualTo(1);
        assertThat(registry.get("a.b").counter().getId().getDescription()).isEqualTo("Something");
    }

    @Test
    void missingTagIsRefused() {
        Measure measure = Measure.counter("a.b", "Something", "x", "y");

        assertThatThrownBy(() -> measure.counter(registry, "1")).hasMessageContaining("[x, y]");
    }

    @Test
    void gaugeThatIsLeftOutIsZeroAndStays() {
        TaggedGauge gauge = Measure.gauge("g", "Something", "x").gauges(registry);

        gauge.set(Map.of(List.of("1"), 5, List.of("2"), 7));
        gauge.set(Map.of(List.of("2"), 8));

        assertThat(registry.get("g").tags("x", "1").gauge().value()).isZero();
        assertThat(registry.get("g").tags("x", "2").gauge().value()).isEqualTo(8);
    }

    @Test
    void tagThatUsersChooseIsBounded() {
        BoundedTag tag = new BoundedTag(2);

        assertThat(List.of(tag.of("a"), tag.of("b"), tag.of("c"), tag.of("a"), tag.of("d")))
                .containsExactly("a", "b", BoundedTag.OTHER, "a", BoundedTag.OTHER);
    }
}
