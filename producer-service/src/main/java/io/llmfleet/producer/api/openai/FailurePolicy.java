package io.llmfleet.producer.api.openai;

import io.llmfleet.model.FailureCode;
import org.springframework.http.HttpStatus;

/** Says how a failed task is answered under {@code /v1}. */
final class FailurePolicy {

    /** A status and OpenAI's words for it. */
    record Answer(HttpStatus status, String type, String code) {}

    private static final String INVALID = "invalid_request_error";
    private static final String SERVER = "server_error";

    private FailurePolicy() {}

    static Answer of(FailureCode code) {
        return switch (code) {
            case INVALID_INPUT -> new Answer(HttpStatus.BAD_REQUEST, INVALID, "invalid_input");
            case UNSUPPORTED -> new Answer(HttpStatus.BAD_REQUEST, INVALID, "unsupported");
            case BACKEND_REFUSED -> new Answer(HttpStatus.BAD_REQUEST, INVALID, "backend_refused");
            case CANCELLED -> new Answer(HttpStatus.BAD_REQUEST, INVALID, "cancelled");
            case UNKNOWN_TARGET -> new Answer(HttpStatus.NOT_FOUND, INVALID, "model_not_found");
            case RATE_LIMITED ->
                    new Answer(
                            HttpStatus.TOO_MANY_REQUESTS,
                            "rate_limit_error",
                            "rate_limit_exceeded");
            case NO_WORKER -> new Answer(HttpStatus.SERVICE_UNAVAILABLE, SERVER, "no_worker");
            case BACKEND_UNAVAILABLE ->
                    new Answer(HttpStatus.SERVICE_UNAVAILABLE, SERVER, "backend_unavailable");
            case BACKEND_UNAUTHORIZED ->
                    new Answer(HttpStatus.BAD_GATEWAY, SERVER, "backend_unauthorized");
            case BACKEND_ERROR -> new Answer(HttpStatus.BAD_GATEWAY, SERVER, "backend_error");
            case OUTPUT_INVALID -> new Answer(HttpStatus.BAD_GATEWAY, SERVER, "output_invalid");
            case RESULT_TOO_LARGE -> new Answer(HttpStatus.BAD_GATEWAY, SERVER, "result_too_large");
            case CALL_TIMEOUT, DEADLINE_EXCEEDED ->
                    new Answer(HttpStatus.GATEWAY_TIMEOUT, SERVER, "timeout");
            case POISON, UNREADABLE, INTERNAL ->
                    new Answer(HttpStatus.INTERNAL_SERVER_ERROR, SERVER, "internal_error");
        };
    }
}
