package io.llmfleet.producer.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchPolicyTests {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "true,  PT1S,  SUCCEEDED, true",
        "true,  PT1S,  RUNNING,   false",
        "false, PT1S,  SUCCEEDED, false",
        "false, PT11M, SUCCEEDED, true",
        "false, PT11M, QUEUED,    false",
        "true,  PT11M, EXPIRED,   true",
    })
    void finishedWhenNoMoreComesAndAllAreFinal(
            boolean closed, Duration silence, TaskState state, boolean finished) {
        assertThat(BatchPolicy.isFinished(closed, NOW.minus(silence), Map.of(state, 1L), NOW))
                .isEqualTo(finished);
    }
}
