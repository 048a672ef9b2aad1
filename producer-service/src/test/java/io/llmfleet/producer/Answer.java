package io.llmfleet.producer;

import io.llmfleet.wire.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a caller got. */
public record Answer(HttpResponse<String> response) {

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    public JsonNode json() {
        return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
    }

    /** The lines of an NDJSON answer. */
    public List<JsonNode> lines() {
        return response.body()
                .lines()
                .map(line -> Json.tree(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** Whether this is a problem detail with an error of this field whose message holds a text. */
    public boolean blames(String field, String text) {
        return "application/problem+json".equals(header("Content-Type"))
                && json().path("status").asInt() == status()
                && json().path("errors")
                        .valueStream()
                        .anyMatch(
                                e ->
                                        e.path("field").asString().equals(field)
                                                && e.path("message").asString().contains(text));
    }

    @Override
    public String toString() {
        return status() + " " + response.headers().map() + " " + response.body();
    }
}
