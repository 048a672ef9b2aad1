package io.llmfleet.router.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.choice.Candidate;
import io.llmfleet.choice.Context;
import io.llmfleet.choice.Estimate;
import io.llmfleet.choice.Learning;
import io.llmfleet.model.Usage;
import io.llmfleet.wire.Event;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperienceTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Candidate BIG = new Candidate("big", "gpt", 1, 0);

    private final Experience experience = new Experience(Learning.DEFAULT);
    private final UUID task = UUID.randomUUID();

    @Test
    void successIsLearnedWithItsDurationAndCost() {
        experience.heard(routed(task, NOW));
        experience.heard(ended(task, "SUCCEEDED", null, NOW.plusSeconds(2)));

        Estimate known = known();

        assertThat(known.attempts()).isEqualTo(1);
        assertThat(known.millis()).isEqualTo(1_500);
        assertThat(known.cost()).isEqualTo(0.01);
        assertThat(experience.inFlight("big")).isZero();
    }

    @Test
    void endThatIsHeardBeforeItsBeginningIsLearnedOnce() {
        experience.heard(ended(task, "SUCCEEDED", null, NOW.plusSeconds(2)));
        experience.heard(routed(task, NOW));
        experience.heard(ended(task, "SUCCEEDED", null, NOW.plusSeconds(2)));

        assertThat(known().attempts()).isEqualTo(1);
        assertThat(experience.inFlight("big")).isZero();
    }

    @Test
    void beginningThatIsHeardTwiceIsOneTaskUnderWay() {
        experience.routed(task, BIG, Context.of("chat", 100), NOW);
        experience.heard(routed(task, NOW));
        assertThat(experience.inFlight("big")).isEqualTo(1);

        experience.heard(ended(task, "SUCCEEDED", null, NOW.plusSeconds(2)));
        experience.heard(routed(task, NOW));

        assertThat(experience.inFlight("big")).isZero();
        assertThat(known().attempts()).isEqualTo(1);
    }

    @Test
    void eachAttemptOfATaskIsLearned() {
        experience.heard(routed(task, NOW));
        experience.heard(retrying(task, "RATE_LIMITED", NOW.plusSeconds(1)));
        experience.heard(routed(task, NOW.plusSeconds(6)));
        assertThat(experience.inFlight("big")).isEqualTo(1);
        experience.heard(ended(task, "SUCCEEDED", null, NOW.plusSeconds(8)));

        assertThat(known().attempts()).isBetween(1.9, 2.0);
        assertThat(known().success()).isBetween(0.5, 0.8);
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED,    BACKEND_ERROR,     1",
        "FAILED,    UNSUPPORTED,       1",
        "FAILED,    INVALID_INPUT,     0",
        "FAILED,    MOON_PHASE,        0",
        "CANCELLED, CANCELLED,         0",
        "EXPIRED,   DEADLINE_EXCEEDED, 0",
    })
    void onlyWhatACandidateCanBeBlamedForIsLearned(String state, String code, int attempts) {
        experience.heard(routed(task, NOW));
        experience.heard(ended(task, state, code, NOW));

        assertThat(known().attempts()).isEqualTo(attempts);
        assertThat(experience.inFlight("big")).isZero();
    }

    @Test
    void taskThatNeverEndsCountsNoLongerThanAnHour() {
        experience.heard(routed(task, NOW));
        experience.heard(routed(UUID.randomUUID(), NOW.plus(Duration.ofMinutes(61))));

        assertThat(experience.inFlight("big")).isEqualTo(1);
    }

    private Estimate known() {
        return experience.of(Context.of("chat", 100), BIG, NOW);
    }

    private static Event routed(UUID task, Instant at) {
        return new Event(Event.ROUTED, task, "chat", 1, 1, at, "big", "gpt", null, null, null, "r")
                .sized(100);
    }

    private static Event retrying(UUID task, String code, Instant at) {
        return new Event(
                Event.RETRYING, task, "chat", 1, 1, at, "big", "gpt", "w", null, code, "5s");
    }

    private static Event ended(UUID task, String state, String code, Instant at) {
        return new Event(Event.FINAL, task, "any", 1, 1, at, "big", "gpt", null, state, code, null)
                .used(new Usage(1, 1, new BigDecimal("0.01"), 1_500));
    }
}
