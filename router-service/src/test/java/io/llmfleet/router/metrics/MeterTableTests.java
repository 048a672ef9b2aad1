package io.llmfleet.router.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.testing.MeterTable;
import org.junit.jupiter.api.Test;

class MeterTableTests {

    @Test
    void documentListsWhatIsMeasured() {
        assertThat(RouterMetrics.ALL)
                .map(Object::toString)
                .containsExactlyElementsOf(MeterTable.of("router-service"));
    }
}
