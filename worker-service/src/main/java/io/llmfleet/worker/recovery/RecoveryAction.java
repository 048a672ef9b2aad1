package io.llmfleet.worker.recovery;

import io.llmfleet.model.Failure;
import io.llmfleet.wire.RetryLadder;

/** What is done about a failed attempt. */
public sealed interface RecoveryAction {

    /**
     * The message takes a level of the retry ladder.
     *
     * @param countsAsAttempt false where the task itself was not to blame, such as a backend that
     *     is down
     */
    record RetryAfter(RetryLadder.Level level, boolean countsAsAttempt) implements RecoveryAction {}

    /** The failure is the task's result. */
    record FailForGood(Failure failure) implements RecoveryAction {}

    /** The task was cancelled or ended meanwhile; its message is of no more use. */
    record DropStale() implements RecoveryAction {}
}
