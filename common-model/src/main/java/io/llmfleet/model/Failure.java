package io.llmfleet.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An expected failure, as a value.
 *
 * @param message one sentence for the caller; never a prompt or an answer
 * @param retryable whether the same task may succeed when it is asked again
 * @param retryAfter the wait that the backend asked for, if it did
 * @param exceptionType the Java class that was thrown, if one was
 */
public record Failure(
        FailureCode code,
        String message,
        boolean retryable,
        @Nullable Duration retryAfter,
        @Nullable String exceptionType) {

    /** The longest message that is kept, in characters. */
    public static final int MESSAGE_LIMIT = 500;

    public Failure {
        if (message.length() > MESSAGE_LIMIT) {
            message = message.substring(0, MESSAGE_LIMIT - 1) + "…";
        }
    }

    public static Failure of(FailureCode code, String message) {
        return new Failure(code, message, code.retryable(), null, null);
    }

    public Failure causedBy(Throwable cause) {
        return new Failure(code, message, retryable, retryAfter, cause.getClass().getName());
    }

    public Failure retryAfter(Duration wait) {
        return new Failure(code, message, retryable, wait, exceptionType);
    }

    /** This failure when no further attempt will be made. */
    @JsonIgnore
    public Failure permanent() {
        return new Failure(code, message, false, null, exceptionType);
    }
}
