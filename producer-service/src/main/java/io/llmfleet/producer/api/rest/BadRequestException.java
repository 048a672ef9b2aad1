package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.task.FieldError;
import java.util.List;
import org.springframework.http.HttpStatus;

/** A request that is refused, with everything that is wrong with it. */
final class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final transient List<FieldError> errors;

    BadRequestException(HttpStatus status, String detail, List<FieldError> errors) {
        super(detail, null, false, false);
        this.status = status;
        this.errors = errors;
    }

    static BadRequestException of(String field, String message) {
        return of(List.of(new FieldError(field, message)));
    }

    static BadRequestException of(List<FieldError> errors) {
        return new BadRequestException(HttpStatus.BAD_REQUEST, Problems.summary(errors), errors);
    }

    static BadRequestException tooLarge(String message) {
        return new BadRequestException(
                HttpStatus.CONTENT_TOO_LARGE,
                "The request is too large.",
                List.of(new FieldError("body", message)));
    }

    /** Also what another tenant's id gets, so that nobody learns whose ids there are. */
    static BadRequestException unknown(String what, Object id) {
        return new BadRequestException(
                HttpStatus.NOT_FOUND,
                "There is no " + what + " with this id.",
                List.of(
                        new FieldError(
                                "id",
                                "'"
                                        + id
                                        + "' is unknown; accepted: the id of a "
                                        + what
                                        + " of this key's tenant")));
    }

    HttpStatus status() {
        return status;
    }

    List<FieldError> errors() {
        return errors;
    }
}
