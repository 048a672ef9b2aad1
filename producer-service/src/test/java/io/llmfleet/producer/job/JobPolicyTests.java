package io.llmfleet.producer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobPolicyTests {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "VALIDATING,  IN_PROGRESS FAILED CANCELLING",
        "IN_PROGRESS, FINALIZING CANCELLING",
        "FINALIZING,  COMPLETED EXPIRED",
        "CANCELLING,  CANCELLED",
        "COMPLETED,   ''",
        "FAILED,      ''",
        "EXPIRED,     ''",
        "CANCELLED,   ''",
    })
    void aStateLeadsToTheseAndNoOthers(JobState state, String next) {
        List<String> all = Arrays.stream(JobState.values()).map(JobState::name).toList();

        assertThat(all.stream().filter(s -> state.canBecome(JobState.valueOf(s))))
                .containsExactlyInAnyOrder(next.isEmpty() ? new String[0] : next.split(" "));
        assertThat(state.isFinal()).isEqualTo(next.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "VALIDATING,  false, PT1H,   VALIDATE",
        "VALIDATING,  false, PT-1S,  VALIDATE",
        "IN_PROGRESS, false, PT1H,   SUBMIT",
        "IN_PROGRESS, false, PT0.5S, AWAIT_TASKS",
        "IN_PROGRESS, true,  PT1H,   AWAIT_TASKS",
        "FINALIZING,  true,  PT1H,   END",
        "CANCELLING,  false, PT1H,   CANCEL_TASKS",
    })
    void theNextStepFollowsFromStateLinesAndTime(
            JobState state, boolean allSubmitted, Duration left, JobPolicy.Step step) {
        assertThat(JobPolicy.next(state, allSubmitted, NOW.plus(left), NOW)).isEqualTo(step);
    }

    @ParameterizedTest
    @CsvSource({
        "FINALIZING, true,  SUCCEEDED=3,           COMPLETED",
        "FINALIZING, true,  SUCCEEDED=3 FAILED=1,  COMPLETED",
        "FINALIZING, true,  SUCCEEDED=3 EXPIRED=1, EXPIRED",
        "FINALIZING, false, SUCCEEDED=3,           EXPIRED",
        "FINALIZING, false, '',                    EXPIRED",
        "CANCELLING, true,  SUCCEEDED=3,           CANCELLED",
        "CANCELLING, false, EXPIRED=1,             CANCELLED",
    })
    void theEndFollowsFromWhatBecameOfTheTasks(
            JobState state, boolean allSubmitted, String tasks, JobState end) {
        assertThat(JobPolicy.end(state, allSubmitted, states(tasks))).isEqualTo(end);
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCEEDED=2 FAILED=1, true",
        "'',                   true",
        "SUCCEEDED=2 QUEUED=1, false",
        "ACCEPTED=1,           false",
    })
    void doneWhenNoTaskIsOnItsWay(String tasks, boolean done) {
        assertThat(JobPolicy.isDone(states(tasks))).isEqualTo(done);
    }

    @Test
    void whatHasNoResultCountsAsFailed() {
        assertThat(
                        JobPolicy.counts(
                                10,
                                1,
                                states("SUCCEEDED=3 FAILED=1 CANCELLED=1 EXPIRED=1 RUNNING=3")))
                .isEqualTo(new Job.Counts(10, 3, 4));
    }

    @ParameterizedTest
    @CsvSource({"PT0.01S, PT0.5S", "PT0.2S, PT1S"})
    void whatTakesLongIsDoneLessOften(Duration counting, Duration pause) {
        assertThat(JobPolicy.pause(counting)).isEqualTo(pause);
    }

    private static Map<TaskState, Long> states(String text) {
        Map<TaskState, Long> states = new EnumMap<>(TaskState.class);
        for (String entry : text.isEmpty() ? new String[0] : text.split(" ")) {
            String[] parts = entry.split("=");
            states.put(TaskState.valueOf(parts[0]), Long.valueOf(parts[1]));
        }
        return states;
    }
}
