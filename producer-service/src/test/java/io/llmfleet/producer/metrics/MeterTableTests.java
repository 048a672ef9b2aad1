package io.llmfleet.producer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.testing.MeterTable;
import org.junit.jupiter.api.Test;

class MeterTableTests {

    @Test
    void documentListsWhatIsMeasured() {
        assertThat(ProducerMetrics.ALL)
                .map(Object::toString)
                .containsExactlyElementsOf(MeterTable.of("producer-service"));
    }
}
