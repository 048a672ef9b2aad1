package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.task.FieldError;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns everything that is thrown into a problem detail that names what is accepted. */
@RestControllerAdvice
class ApiErrors extends ResponseEntityExceptionHandler {

    @ExceptionHandler(RuntimeException.class)
    ResponseEntity<ProblemDetail> refuse(RuntimeException e) {
        Problems.Answer answer = Problems.of(e);
        return ResponseEntity.status(answer.problem().getStatus())
                .headers(answer.headers())
                .body(answer.problem());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(
            HttpMediaTypeNotSupportedException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String accepted =
                e.getSupportedMediaTypes().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(", "));
        return problem(e, headers, status, "Content-Type", accepted, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String[] methods = e.getSupportedMethods();
        String accepted = methods == null ? "none" : String.join(", ", methods);
        return problem(e, headers, status, "method", accepted, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String field =
                e instanceof MethodArgumentTypeMismatchException argument
                        ? argument.getName()
                        : String.valueOf(e.getPropertyName());
        Class<?> type = e.getRequiredType();
        String accepted = type == null ? "another type" : "a " + type.getSimpleName();
        return problem(e, headers, status, field, accepted, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return problem(e, headers, status, e.getParameterName(), "a value", request);
    }

    private @Nullable ResponseEntity<Object> problem(
            Exception e,
            HttpHeaders headers,
            HttpStatusCode status,
            String field,
            String accepted,
            WebRequest request) {
        FieldError error = new FieldError(field, "is not accepted; accepted: " + accepted);
        HttpStatus known = HttpStatus.valueOf(status.value());
        ProblemDetail problem =
                Problems.of(known, Problems.summary(List.of(error)), List.of(error));
        return handleExceptionInternal(e, problem, headers, status, request);
    }
}
