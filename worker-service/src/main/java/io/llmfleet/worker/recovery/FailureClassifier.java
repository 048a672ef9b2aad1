package io.llmfleet.worker.recovery;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Says what an HTTP status or an exception of a backend call means; the only place that does. */
public final class FailureClassifier {

    private FailureClassifier() {}

    /**
     * @param retryAfter the header of that name: seconds or an HTTP date
     */
    public static Failure ofStatus(
            String backend, int status, @Nullable String retryAfter, Instant now) {
        FailureCode code =
                switch (status) {
                    case 401, 403 -> FailureCode.BACKEND_UNAUTHORIZED;
                    case 408, 504 -> FailureCode.CALL_TIMEOUT;
                    case 429 -> FailureCode.RATE_LIMITED;
                    case 501 -> FailureCode.UNSUPPORTED;
                    case 502, 503 -> FailureCode.BACKEND_UNAVAILABLE;
                    default ->
                            status >= 500 ? FailureCode.BACKEND_ERROR : FailureCode.BACKEND_REFUSED;
                };
        Failure failure =
                Failure.of(code, "backend '" + backend + "' answered with status " + status);
        Duration wait = code.retryable() ? wait(retryAfter, now) : null;
        return wait == null ? failure : failure.retryAfter(wait);
    }

    /**
     * The deepest cause decides; messages of exceptions are not passed on, they may quote content.
     */
    public static Failure ofException(String backend, Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof HttpTimeoutException || t instanceof TimeoutException) {
                return Failure.of(
                                FailureCode.CALL_TIMEOUT,
                                "backend '" + backend + "' did not answer in time")
                        .causedBy(t);
            }
            if (t instanceof IOException) {
                return Failure.of(
                                FailureCode.BACKEND_UNAVAILABLE,
                                "backend '" + backend + "' could not be reached or broke off")
                        .causedBy(t);
            }
        }
        return Failure.of(FailureCode.INTERNAL, "calling backend '" + backend + "' failed")
                .causedBy(thrown);
    }

    private static @Nullable Duration wait(@Nullable String retryAfter, Instant now) {
        if (retryAfter == null) {
            return null;
        }
        try {
            return retryAfter.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(retryAfter))
                    : positive(
                            Duration.between(
                                    now,
                                    ZonedDateTime.parse(
                                            retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Duration positive(Duration wait) {
        return wait.isPositive() ? wait : null;
    }
}
