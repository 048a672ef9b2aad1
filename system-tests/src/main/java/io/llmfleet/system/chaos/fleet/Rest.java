package io.llmfleet.system.chaos.fleet;

import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The fleet's API, at any of its producers; a producer that does not answer is an answer, too. */
public final class Rest {

    private static final Duration LIMIT = Duration.ofSeconds(75);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(3))
                    .build();
    private final List<String> urls;
    private final String key;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * What came back.
     *
     * @param status 0 if the connection failed, so that nobody knows what the request did
     * @param retryAfter seconds, or null
     */
    public record Answer(int status, @Nullable String retryAfter, String body) {

        public JsonNode json() {
            try {
                return Json.MAPPER.readTree(body);
            } catch (JacksonException e) {
                return Json.MAPPER.missingNode();
            }
        }

        public boolean ok() {
            return status >= 200 && status < 300;
        }

        /** Whether the request certainly had no effect. */
        public boolean refused() {
            return status >= 400 && status < 500;
        }
    }

    public Rest(List<String> urls, String key) {
        this.urls = List.copyOf(urls);
        this.key = key;
    }

    /** The same for another key. */
    public Rest withKey(String other) {
        return new Rest(urls, other);
    }

    public Answer get(String path) {
        return send("GET", path, null, Map.of());
    }

    public Answer get(String path, Map<String, String> headers) {
        return send("GET", path, null, headers);
    }

    public Answer post(String path, @Nullable JsonNode body) {
        return send(
                "POST",
                path,
                body == null ? "" : Json.write(body),
                Map.of("Content-Type", "application/json"));
    }

    public Answer send(
            String method, String path, @Nullable String body, Map<String, String> headers) {
        String url = urls.get(Math.floorMod(next.getAndIncrement(), urls.size()));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
                        .timeout(LIMIT)
                        .header("Authorization", "Bearer " + key)
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            HttpResponse<String> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Retry-After").orElse(null),
                    response.body());
        } catch (IOException e) {
            return new Answer(0, null, String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, null, "interrupted");
        }
    }
}
