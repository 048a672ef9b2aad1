package io.llmfleet.producer.access;

import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Answers those who do not get in: as problem details (RFC 9457), under {@code /v1} as OpenAI does.
 */
final class AccessProblems {

    private static final String HEADER = HttpHeaders.AUTHORIZATION;

    private AccessProblems() {}

    static void unauthorized(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean tried = request.getHeader(HEADER) != null;
        // RFC 6750, section 3: an error code only if there were credentials at all.
        response.setHeader(
                HttpHeaders.WWW_AUTHENTICATE,
                tried
                        ? "Bearer realm=\"llm-fleet\", error=\"invalid_token\""
                        : "Bearer realm=\"llm-fleet\"");
        write(
                request,
                response,
                HttpStatus.UNAUTHORIZED,
                "invalid_api_key",
                tried
                        ? "The API key is unknown or revoked."
                        : "This needs an API key: Authorization: Bearer <key>.",
                tried
                        ? "is no valid key; accepted: Bearer and a key that was not revoked"
                        : "is required; accepted: Bearer and a key");
    }

    static void forbidden(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(
                request,
                response,
                HttpStatus.FORBIDDEN,
                "insufficient_permissions",
                "This needs an admin's API key.",
                "is a key of the role user; accepted: one of the role admin");
    }

    static void storeAway(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, "2");
        write(
                request,
                response,
                HttpStatus.SERVICE_UNAVAILABLE,
                "store_away",
                "The store is away, so the API key cannot be checked; try again.",
                "could not be checked");
    }

    private static void write(
            HttpServletRequest request,
            HttpServletResponse response,
            HttpStatus status,
            String code,
            String detail,
            String message)
            throws IOException {
        boolean openAi = request.getRequestURI().startsWith("/v1/");
        response.setStatus(status.value());
        response.setContentType(
                openAi
                        ? MediaType.APPLICATION_JSON_VALUE
                        : MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        Map<String, Object> body =
                openAi ? error(status, code, detail) : problem(status, detail, message);
        response.getOutputStream().write(Json.bytes(body));
    }

    private static Map<String, Object> problem(HttpStatus status, String detail, String message) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", detail);
        problem.put("errors", List.of(Map.of("field", HEADER, "message", message)));
        return problem;
    }

    private static Map<String, Object> error(HttpStatus status, String code, String detail) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", detail);
        error.put("type", status.is5xxServerError() ? "server_error" : "invalid_request_error");
        error.put("param", null);
        error.put("code", code);
        return Map.of("error", error);
    }
}
