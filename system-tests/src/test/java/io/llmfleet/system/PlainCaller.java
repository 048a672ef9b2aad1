package io.llmfleet.system;

import io.llmfleet.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Who calls any path of a fleet with a key, and gets the body exactly as it is. */
record PlainCaller(String url, String key) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PART = "part-of-the-form";

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** The body as text; whatever the status. */
    String body(String path) {
        return get(path).body();
    }

    JsonNode json(String path) {
        return tree(body(path));
    }

    JsonNode post(String path, String json) {
        return tree(
                send(request(path)
                                .setHeader("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(json)))
                        .body());
    }

    /** A file of requests for a batch. */
    JsonNode upload(String lines) {
        String form =
                field("name=\"purpose\"", "batch")
                        + field("name=\"file\"; filename=\"requests.jsonl\"", lines)
                        + "--"
                        + PART
                        + "--\r\n";
        return tree(
                send(request("/v1/files")
                                .setHeader("Content-Type", "multipart/form-data; boundary=" + PART)
                                .POST(BodyPublishers.ofString(form)))
                        .body());
    }

    private static String field(String name, String content) {
        return "--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
                .formatted(PART, name, content);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .setHeader("Authorization", "Bearer " + key);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode tree(String json) {
        return Json.tree(json.getBytes(StandardCharsets.UTF_8));
    }
}
