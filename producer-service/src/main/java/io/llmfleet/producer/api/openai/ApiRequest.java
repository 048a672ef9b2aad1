package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.Bodies;
import io.llmfleet.producer.api.BodyTooLargeException;
import io.llmfleet.producer.api.CallerLimits;
import io.llmfleet.producer.api.IdempotencyKey;
import io.llmfleet.producer.task.JsonDepth;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.tracing.Spans;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.UnreadableMessageException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request as it came: a JSON object and what its headers say.
 *
 * @param key under which it is done once; such a request can be come back to
 * @param priority of its tasks, if it says one
 * @param conversation of its tasks, if it says one
 * @param delegation what its tasks may delegate, if it says it: {@code on}, or limits such as
 *     {@code maxDepth=1,maxTasks=4}
 */
public record ApiRequest(
        Caller caller,
        ObjectNode body,
        Optional<OnceKey> key,
        @Nullable String priority,
        @Nullable String conversation,
        @Nullable String delegation,
        String traceParent) {

    /**
     * @throws OpenAiException if it cannot be read
     */
    public static ApiRequest read(Caller caller, HttpServletRequest request) throws IOException {
        byte[] bytes = bytes(request);
        ObjectNode body = json(bytes);
        requireFlat(body, CallerLimits.jsonDepth(request));
        return new ApiRequest(
                caller,
                body,
                key(request, bytes),
                request.getHeader("x-fleet-priority"),
                request.getHeader("x-fleet-conversation"),
                request.getHeader("x-fleet-delegation"),
                Spans.ofRequest(request.getHeader(Headers.TRACE_PARENT)));
    }

    public String model() {
        return model(body);
    }

    public static String model(ObjectNode body) {
        JsonNode model = body.path("model");
        if (!model.isString() || model.stringValue().isBlank()) {
            throw OpenAiException.invalid(
                    "model", null, "model is required: the name of a model, see GET /v1/models");
        }
        return model.stringValue();
    }

    public boolean stream() {
        return body.path("stream").asBoolean(false);
    }

    /** Whether a stream shall end with what was used. */
    public boolean streamsUsage() {
        return body.at("/stream_options/include_usage").asBoolean(false);
    }

    private static byte[] bytes(HttpServletRequest request) throws IOException {
        try {
            return Bodies.read(request);
        } catch (BodyTooLargeException e) {
            throw OpenAiException.refused(
                    HttpStatus.CONTENT_TOO_LARGE,
                    null,
                    "request_too_large",
                    "The body " + e.getMessage() + ".");
        }
    }

    private static ObjectNode json(byte[] bytes) {
        JsonNode body;
        try {
            body = Json.tree(bytes);
        } catch (UnreadableMessageException e) {
            throw OpenAiException.invalid(null, "invalid_json", String.valueOf(e.getMessage()));
        }
        if (body instanceof ObjectNode object) {
            return object;
        }
        throw OpenAiException.invalid(null, "invalid_json", "The body must be a JSON object.");
    }

    private static void requireFlat(ObjectNode body, int levels) {
        JsonDepth.refusal(body, levels)
                .ifPresent(
                        reason -> {
                            throw OpenAiException.invalid(
                                    null, "invalid_json", "The body " + reason + ".");
                        });
    }

    /**
     * The key of a request whose body is not JSON, if it has one.
     *
     * @throws OpenAiException if it is none
     */
    public static Optional<String> key(HttpServletRequest request) {
        try {
            return IdempotencyKey.read(
                    request.getHeader(IdempotencyKey.HEADER),
                    request.getMethod() + " " + request.getRequestURI());
        } catch (IllegalArgumentException e) {
            throw OpenAiException.invalid(
                    IdempotencyKey.HEADER, null, IdempotencyKey.HEADER + " " + e.getMessage());
        }
    }

    private static Optional<OnceKey> key(HttpServletRequest request, byte[] bytes) {
        return key(request).map(key -> OnceKey.of(key, bytes));
    }
}
