package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.api.KeyReusedException;
import io.llmfleet.producer.file.FileGoneException;
import io.llmfleet.producer.limit.LimitExceededException;
import io.llmfleet.producer.task.ConversationBusyException;
import io.llmfleet.producer.task.OverloadedException;
import io.llmfleet.producer.task.StoreUnavailableException;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Turns everything that is thrown under {@code /v1} into an error as OpenAI writes it. */
@Component
class OpenAiErrors implements HandlerExceptionResolver, Ordered {

    private static final Logger log = LoggerFactory.getLogger(OpenAiErrors.class);
    private static final Duration STORE_AWAY = Duration.ofSeconds(2);

    /** Before the one of the native API, which takes everything. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable Object handler,
            Exception thrown) {
        if (!request.getRequestURI().startsWith("/v1/")) {
            return null;
        }
        OpenAiException error = of(request, thrown);
        if (response.isCommitted()) {
            breakOff(thrown);
            return new ModelAndView();
        }
        try {
            write(response, error);
        } catch (IOException e) {
            log.debug("a caller is gone: {}", e.toString());
        }
        return new ModelAndView();
    }

    /** What is answered; the same in the middle of a stream. */
    static OpenAiException of(HttpServletRequest request, Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        return switch (cause) {
            case OpenAiException e -> e;
            case KeyReusedException e ->
                    OpenAiException.refused(
                            HttpStatus.UNPROCESSABLE_CONTENT,
                            "Idempotency-Key",
                            "idempotency_key_reused",
                            "Idempotency-Key " + e.getMessage());
            case ConversationBusyException e ->
                    OpenAiException.refused(
                            HttpStatus.CONFLICT,
                            "x-fleet-conversation",
                            "conversation_busy",
                            "The conversation is busy: " + e.getMessage());
            case LimitExceededException e -> limited(e);
            case OverloadedException e -> overloaded(e);
            case StoreUnavailableException e -> storeAway();
            case DataAccessResourceFailureException e -> storeAway();
            case TransientDataAccessException e -> storeAway();
            case TransactionException e -> storeAway();
            case MultipartException e ->
                    OpenAiException.invalid(
                            null, "invalid_multipart", "The body is no valid multipart/form-data.");
            case FileGoneException e ->
                    OpenAiException.notFound("id", "file_not_found", "The file was deleted.");
            case ErrorResponse e -> refused(request, HttpStatus.valueOf(e.getStatusCode().value()));
            default -> bug(cause);
        };
    }

    private static OpenAiException refused(HttpServletRequest request, HttpStatus status) {
        String asked = request.getMethod() + " " + request.getRequestURI();
        return switch (status) {
            case NOT_FOUND ->
                    OpenAiException.notFound(null, "unknown_url", "There is no " + asked + ".");
            case UNSUPPORTED_MEDIA_TYPE ->
                    OpenAiException.refused(
                            status,
                            "Content-Type",
                            "unsupported_media_type",
                            "This Content-Type is not accepted by " + asked + ".");
            default ->
                    OpenAiException.refused(
                            status, null, null, status.getReasonPhrase() + ": " + asked + ".");
        };
    }

    private static OpenAiException limited(LimitExceededException e) {
        return switch (e.limit()) {
            case REQUESTS_PER_MINUTE -> limited(e, "requests", "rate_limit_exceeded");
            case TOKENS_PER_MINUTE -> limited(e, "tokens", "rate_limit_exceeded");
            case QUEUED_TASKS -> limited(e, "rate_limit_error", "queue_full");
            default -> limited(e, "insufficient_quota", "insufficient_quota");
        };
    }

    private static OpenAiException limited(LimitExceededException e, String type, String code) {
        return new OpenAiException(
                HttpStatus.TOO_MANY_REQUESTS,
                type,
                null,
                code,
                String.valueOf(e.getMessage()),
                e.retryAfter(),
                !e.isBudget());
    }

    private static OpenAiException overloaded(OverloadedException e) {
        return new OpenAiException(
                HttpStatus.TOO_MANY_REQUESTS,
                "rate_limit_error",
                null,
                "queue_full",
                String.valueOf(e.getMessage()),
                e.retryAfter(),
                true);
    }

    private static OpenAiException storeAway() {
        return new OpenAiException(
                HttpStatus.SERVICE_UNAVAILABLE,
                "server_error",
                null,
                "store_away",
                "The store is away; try again.",
                STORE_AWAY,
                true);
    }

    private static OpenAiException bug(Throwable cause) {
        log.error("a request failed for a reason that is no caller's fault", cause);
        return OpenAiException.unexpected();
    }

    private static void write(HttpServletResponse response, OpenAiException e) throws IOException {
        response.setStatus(e.status().value());
        Duration wait = e.retryAfter();
        if (wait != null) {
            long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        }
        if (!e.clientMayRetry()) {
            response.setHeader("x-should-retry", "false");
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(Json.bytes(e.body()));
    }

    /**
     * An answer that ended as if it were whole would mislead; what is thrown here ends the
     * connection.
     */
    private static void breakOff(Exception thrown) {
        if (!(unwrapped(thrown) instanceof IOException)) {
            throw new IllegalStateException("an answer broke off", thrown);
        }
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
