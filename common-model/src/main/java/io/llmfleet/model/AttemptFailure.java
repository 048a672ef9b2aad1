package io.llmfleet.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that failed, as a dead letter shows it.
 *
 * @param attempt counted from 1
 * @param usage what it used all the same, where the backend said
 */
public record AttemptFailure(
        int attempt,
        FailureCode code,
        String message,
        @Nullable String exceptionType,
        Instant at,
        String worker,
        @Nullable String model,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Usage usage) {

    /** Attempts travel in a header, so their messages are kept short. */
    public static final int MESSAGE_LIMIT = 200;

    public AttemptFailure {
        if (message.length() > MESSAGE_LIMIT) {
            message = message.substring(0, MESSAGE_LIMIT - 1) + "…";
        }
    }

    /** One that used nothing, as far as it is known. */
    public AttemptFailure(
            int attempt,
            FailureCode code,
            String message,
            @Nullable String exceptionType,
            Instant at,
            String worker,
            @Nullable String model) {
        this(attempt, code, message, exceptionType, at, worker, model, null);
    }
}
