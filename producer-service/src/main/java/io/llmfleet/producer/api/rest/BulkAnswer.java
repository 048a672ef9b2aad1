package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.batch.LineOutcome;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.ProblemDetail;

/** Writes the lines of the answer to many tasks. */
final class BulkAnswer {

    private BulkAnswer() {}

    static byte[] first(UUID batch) {
        return bytes("{\"batch\":\"" + batch + "\"}");
    }

    static byte[] line(LineOutcome outcome) {
        return switch (outcome) {
            case LineOutcome.Accepted accepted ->
                    bytes("{\"line\":" + accepted.line() + ",\"id\":\"" + accepted.id() + "\"}");
            case LineOutcome.Refused refused ->
                    error(
                            refused.line(),
                            Problems.of(BadRequestException.of(refused.errors())).problem());
            case LineOutcome.Failed failed ->
                    error(failed.line(), Problems.of(failed.cause()).problem());
        };
    }

    private static byte[] error(int line, ProblemDetail problem) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("title", problem.getTitle());
        error.put("status", problem.getStatus());
        error.put("detail", problem.getDetail());
        Map<String, Object> properties = problem.getProperties();
        if (properties != null) {
            error.putAll(properties);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("line", line);
        answer.put("error", error);
        return bytes(Json.write(answer));
    }

    private static byte[] bytes(String line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
