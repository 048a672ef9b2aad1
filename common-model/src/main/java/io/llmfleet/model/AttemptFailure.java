package io.llmfleet.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that failed, as a dead letter shows it.
 *
 * @param attempt counted from 1
 */
public record AttemptFailure(
        int attempt,
        FailureCode code,
        String message,
        @Nullable String exceptionType,
        Instant at,
        String worker,
        @Nullable String model) {

    /** Attempts travel in a header, so their messages are kept short. */
    public static final int MESSAGE_LIMIT = 200;

    public AttemptFailure {
        if (message.length() > MESSAGE_LIMIT) {
            message = message.substring(0, MESSAGE_LIMIT - 1) + "…";
        }
    }
}
