package io.llmfleet.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.testing.MeterTable;
import org.junit.jupiter.api.Test;

class MeterTableTests {

    @Test
    void documentListsWhatIsMeasured() {
        assertThat(WorkerMetrics.ALL)
                .map(Object::toString)
                .containsExactlyElementsOf(MeterTable.of("worker-service"));
    }
}
