package io.llmfleet.worker.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.TraceParent;
import io.llmfleet.worker.recovery.RecoveryAction.DropStale;
import io.llmfleet.worker.recovery.RecoveryAction.FailForGood;
import io.llmfleet.worker.recovery.RecoveryAction.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RecoveryPolicyTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final RecoveryPolicy policy = new RecoveryPolicy(RetryLadder.DEFAULT, 3);

    @ParameterizedTest
    @CsvSource({"1, 5s", "2, 30s", "3, 2m", "4, 10m"})
    void transientFailureClimbsTheLadder(int attempt, String level) {
        RecoveryAction action =
                decide(task(attempt), Failure.of(FailureCode.BACKEND_ERROR, "x"), false);

        assertThat(action).isEqualTo(new RetryAfter(level(level), true));
    }

    @Test
    void failsForGoodWhenAttemptsAreSpent() {
        RecoveryAction action = decide(task(5), Failure.of(FailureCode.BACKEND_ERROR, "x"), false);

        assertThat(action)
                .isInstanceOfSatisfying(
                        FailForGood.class,
                        f -> {
                            assertThat(f.failure().code()).isEqualTo(FailureCode.BACKEND_ERROR);
                            assertThat(f.failure().retryable()).isFalse();
                        });
    }

    @ParameterizedTest
    @CsvSource({"1, 5s", "5, 5s", "6, 30s", "45, 2m", "700, 1h", "90000, 1h"})
    void wishOfTheBackendIsRoundedUpToALevel(long seconds, String level) {
        Failure failure =
                Failure.of(FailureCode.RATE_LIMITED, "x").retryAfter(Duration.ofSeconds(seconds));

        assertThat(decide(task(1), failure, false)).isEqualTo(new RetryAfter(level(level), true));
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCode.class,
            names = {
                "INVALID_INPUT",
                "UNSUPPORTED",
                "BACKEND_UNAUTHORIZED",
                "BACKEND_REFUSED",
                "RESULT_TOO_LARGE"
            })
    void permanentFailureIsTheResult(FailureCode code) {
        assertThat(decide(task(1), Failure.of(code, "x"), false)).isInstanceOf(FailForGood.class);
    }

    @Test
    void cancelledTaskIsDropped() {
        assertThat(decide(task(1), Failure.of(FailureCode.CANCELLED, "x"), false))
                .isEqualTo(new DropStale());
    }

    @Test
    void attemptDoesNotCountWhileTheBackendIsDown() {
        RecoveryAction action =
                decide(task(5), Failure.of(FailureCode.BACKEND_UNAVAILABLE, "x"), true);

        assertThat(action)
                .isInstanceOfSatisfying(
                        RetryAfter.class, r -> assertThat(r.countsAsAttempt()).isFalse());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, false"})
    void answersThatBreakTheirSchemaAreRetriedABoundedNumberOfTimes(int before, boolean retried) {
        Envelope task =
                task(before + 1, Collections.nCopies(before, invalid()), Duration.ofHours(24));

        RecoveryAction action = decide(task, Failure.of(FailureCode.OUTPUT_INVALID, "x"), false);

        assertThat(action instanceof RetryAfter).isEqualTo(retried);
    }

    @Test
    void retryThatWouldEndAfterTheDeadlineFailsForGood() {
        Envelope task = task(1, List.of(), Duration.ofSeconds(4));

        assertThat(decide(task, Failure.of(FailureCode.BACKEND_ERROR, "x"), false))
                .isInstanceOf(FailForGood.class);
    }

    private RecoveryAction decide(Envelope task, Failure failure, boolean down) {
        return policy.decide(task, failure, down, NOW);
    }

    private static RetryLadder.Level level(String name) {
        return RetryLadder.DEFAULT.levels().stream()
                .filter(l -> l.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static AttemptFailure invalid() {
        return new AttemptFailure(1, FailureCode.OUTPUT_INVALID, "x", null, NOW, "w", null);
    }

    private static Envelope task(int attempt) {
        return task(attempt, List.of(), Duration.ofHours(24));
    }

    private static Envelope task(int attempt, List<AttemptFailure> failures, Duration life) {
        return new Envelope(
                UUID.randomUUID(),
                "chat",
                "any",
                Priority.NORMAL,
                "default",
                1,
                attempt,
                5,
                0,
                NOW,
                NOW.plus(life),
                Duration.ofMinutes(10),
                null,
                "default",
                null,
                null,
                null,
                failures,
                TraceParent.orNew(null));
    }
}
