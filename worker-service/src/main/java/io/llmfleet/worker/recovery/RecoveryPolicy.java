package io.llmfleet.worker.recovery;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.worker.recovery.RecoveryAction.DropStale;
import io.llmfleet.worker.recovery.RecoveryAction.FailForGood;
import io.llmfleet.worker.recovery.RecoveryAction.RetryAfter;
import java.time.Duration;
import java.time.Instant;

/** Decides what follows a failed attempt; the only place that does. */
public final class RecoveryPolicy {

    private final RetryLadder ladder;
    private final int invalidOutputAttempts;

    public RecoveryPolicy(RetryLadder ladder, int invalidOutputAttempts) {
        this.ladder = ladder;
        this.invalidOutputAttempts = invalidOutputAttempts;
    }

    /**
     * @param task the envelope of the attempt that failed
     * @param backendDown whether the backend's breaker is open: then the attempt does not count
     */
    public RecoveryAction decide(Envelope task, Failure failure, boolean backendDown, Instant now) {
        if (failure.code() == FailureCode.CANCELLED) {
            return new DropStale();
        }
        if (!failure.retryable()) {
            return new FailForGood(failure);
        }
        boolean counts = !(backendDown && failure.code() == FailureCode.BACKEND_UNAVAILABLE);
        if (counts && task.attempt() >= task.maxAttempts()) {
            return new FailForGood(failure.permanent());
        }
        if (failure.code() == FailureCode.OUTPUT_INVALID
                && invalidOutputs(task) + 1 >= invalidOutputAttempts) {
            return new FailForGood(failure.permanent());
        }
        RetryLadder.Level level = level(task, failure);
        if (!now.plus(level.delay()).isBefore(task.deadline())) {
            return new FailForGood(failure.permanent());
        }
        return new RetryAfter(level, counts);
    }

    /**
     * The backend's own wish rounded up to a level; without one, a rung higher with each attempt.
     */
    private RetryLadder.Level level(Envelope task, Failure failure) {
        Duration wish = failure.retryAfter();
        return wish == null ? ladder.after(task.attempt()) : ladder.atOrAbove(wish);
    }

    private static long invalidOutputs(Envelope task) {
        return task.failures().stream().filter(f -> f.code() == FailureCode.OUTPUT_INVALID).count();
    }
}
