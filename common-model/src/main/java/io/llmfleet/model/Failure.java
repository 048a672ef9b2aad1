package io.llmfleet.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An expected failure, as a value.
 *
 * @param message one sentence for the caller; never a prompt or an answer
 * @param retryable whether the same task may succeed when it is asked again
 * @param retryAfter the wait that the backend asked for, if it did
 * @param exceptionType the Java class that was thrown, if one was
 * @param usage what the attempt used all the same, where the backend said
 */
public record Failure(
        FailureCode code,
        String message,
        boolean retryable,
        @Nullable Duration retryAfter,
        @Nullable String exceptionType,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Usage usage) {

    /** The longest message that is kept, in characters. */
    public static final int MESSAGE_LIMIT = 500;

    public Failure {
        if (message.length() > MESSAGE_LIMIT) {
            message = message.substring(0, MESSAGE_LIMIT - 1) + "…";
        }
    }

    public static Failure of(FailureCode code, String message) {
        return new Failure(code, message, code.retryable(), null, null, null);
    }

    public Failure causedBy(Throwable cause) {
        return new Failure(code, message, retryable, retryAfter, cause.getClass().getName(), usage);
    }

    public Failure retryAfter(Duration wait) {
        return new Failure(code, message, retryable, wait, exceptionType, usage);
    }

    public Failure used(Usage spent) {
        return new Failure(code, message, retryable, retryAfter, exceptionType, spent);
    }

    /** This failure when no further attempt will be made. */
    @JsonIgnore
    public Failure permanent() {
        return new Failure(code, message, false, null, exceptionType, usage);
    }
}
