package io.llmfleet.producer.api.openai;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request under {@code /v1} that is refused or failed, as OpenAI's clients understand it. */
public final class OpenAiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String INVALID = "invalid_request_error";

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final HttpStatus status;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;
    private final transient @Nullable Duration retryAfter;
    private final boolean clientMayRetry;

    /**
     * @param param the field that is to blame
     * @param retryAfter when it is worth to try again
     * @param clientMayRetry false where the official clients, which repeat many statuses by
     *     themselves, shall not
     */
    public OpenAiException(
            HttpStatus status,
            String type,
            @Nullable String param,
            @Nullable String code,
            String message,
            @Nullable Duration retryAfter,
            boolean clientMayRetry) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
        this.retryAfter = retryAfter;
        this.clientMayRetry = clientMayRetry;
    }

    public static OpenAiException invalid(
            @Nullable String param, @Nullable String code, String message) {
        return refused(HttpStatus.BAD_REQUEST, param, code, message);
    }

    public static OpenAiException notFound(@Nullable String param, String code, String message) {
        return refused(HttpStatus.NOT_FOUND, param, code, message);
    }

    public static OpenAiException refused(
            HttpStatus status, @Nullable String param, @Nullable String code, String message) {
        return new OpenAiException(status, INVALID, param, code, message, null, true);
    }

    /** Its caller finds another replica. */
    public static OpenAiException replicaStops() {
        return new OpenAiException(
                HttpStatus.SERVICE_UNAVAILABLE,
                "server_error",
                null,
                "replica_stopping",
                "This replica stops; try again.",
                AT_ONCE,
                true);
    }

    /** A bug's: its caller is told no more. */
    public static OpenAiException unexpected() {
        return new OpenAiException(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "server_error",
                null,
                "internal_error",
                "Something unexpected went wrong; it is in the log.",
                null,
                true);
    }

    public HttpStatus status() {
        return status;
    }

    @Nullable Duration retryAfter() {
        return retryAfter;
    }

    boolean clientMayRetry() {
        return clientMayRetry;
    }

    public ErrorJson body() {
        return ErrorJson.of(String.valueOf(getMessage()), type, param, code);
    }
}
