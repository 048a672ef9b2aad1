package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.api.BodyTooLargeException;
import io.llmfleet.producer.api.IdempotencyKey;
import io.llmfleet.producer.api.KeyReusedException;
import io.llmfleet.producer.limit.LimitExceededException;
import io.llmfleet.producer.task.ConversationBusyException;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.OverloadedException;
import io.llmfleet.producer.task.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.TransactionException;

/**
 * Says what went wrong as a problem detail (RFC 9457) with {@code errors: [{field, message}]}, the
 * same for a request and for a line of many.
 */
final class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);
    private static final Duration STORE_AWAY = Duration.ofSeconds(2);

    private Problems() {}

    /** A problem and what goes with it into the header of an answer. */
    record Answer(ProblemDetail problem, HttpHeaders headers) {}

    static Answer of(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        return switch (cause) {
            case BadRequestException e -> new Answer(of(e.status(), e), new HttpHeaders());
            case BodyTooLargeException e -> {
                BadRequestException refused = BadRequestException.tooLarge(sentence(e));
                yield new Answer(of(refused.status(), refused), new HttpHeaders());
            }
            case KeyReusedException e -> new Answer(reused(e), new HttpHeaders());
            case ConversationBusyException e -> new Answer(busy(e), new HttpHeaders());
            case LimitExceededException e -> limited(e);
            case OverloadedException e ->
                    later(HttpStatus.TOO_MANY_REQUESTS, sentence(e), e.retryAfter());
            case StoreUnavailableException e ->
                    later(HttpStatus.SERVICE_UNAVAILABLE, sentence(e), STORE_AWAY);
            case NoRouterException e ->
                    later(HttpStatus.SERVICE_UNAVAILABLE, sentence(e), STORE_AWAY);
            case DataAccessResourceFailureException e -> storeAway(e);
            case TransientDataAccessException e -> storeAway(e);
            case TransactionException e -> storeAway(e);
            default -> bug(cause);
        };
    }

    static ProblemDetail of(HttpStatus status, String detail, List<FieldError> errors) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setTitle(status.getReasonPhrase());
        problem.setProperty("errors", errors);
        return problem;
    }

    static String summary(List<FieldError> errors) {
        FieldError first = errors.getFirst();
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
        return first.field() + " " + first.message() + more;
    }

    private static ProblemDetail of(HttpStatus status, BadRequestException e) {
        return of(status, String.valueOf(e.getMessage()), e.errors());
    }

    private static ProblemDetail reused(KeyReusedException e) {
        List<FieldError> errors = List.of(new FieldError(IdempotencyKey.HEADER, sentence(e)));
        return of(HttpStatus.UNPROCESSABLE_CONTENT, summary(errors), errors);
    }

    private static ProblemDetail busy(ConversationBusyException e) {
        List<FieldError> errors =
                List.of(new FieldError("/conversation", "is busy: " + e.getMessage()));
        return of(HttpStatus.CONFLICT, summary(errors), errors);
    }

    private static Answer storeAway(Exception e) {
        log.debug("the store is away: {}", e.toString());
        return later(HttpStatus.SERVICE_UNAVAILABLE, "The store is away; try again.", STORE_AWAY);
    }

    private static Answer limited(LimitExceededException e) {
        List<FieldError> errors = List.of(new FieldError(e.limit().wire(), sentence(e)));
        return later(HttpStatus.TOO_MANY_REQUESTS, summary(errors), errors, e.retryAfter());
    }

    private static Answer later(HttpStatus status, String detail, Duration retryAfter) {
        return later(status, detail, List.of(), retryAfter);
    }

    private static Answer later(
            HttpStatus status, String detail, List<FieldError> errors, Duration retryAfter) {
        HttpHeaders headers = new HttpHeaders();
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return new Answer(of(status, detail, errors), headers);
    }

    private static Answer bug(Throwable cause) {
        log.error("a request failed for a reason that is no caller's fault", cause);
        return new Answer(
                of(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "Something unexpected went wrong; it is in the log.",
                        List.of()),
                new HttpHeaders());
    }

    private static String sentence(Exception e) {
        return String.valueOf(e.getMessage());
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
