package io.llmfleet.cli;

import io.llmfleet.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The fleet's native API as a client sees it; refusals become one line that names what is wrong.
 */
public final class FleetApi {

    private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int WAIT_SECONDS = 30;
    private static final String NDJSON = "application/x-ndjson";

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final String url;
    private final String key;

    /**
     * @param url without a slash at its end
     * @param key sent as bearer token; empty for none
     */
    public FleetApi(String url, String key) {
        this.url = url;
        this.key = key;
    }

    public JsonNode submit(JsonNode task) {
        return send("POST", "/api/v1/tasks", "application/json", Json.write(task), Map.of());
    }

    /**
     * @param lines one task each
     * @return the answer's lines: the batch, then one per task
     */
    public List<JsonNode> submitBulk(List<? extends JsonNode> lines) {
        String body = String.join("\n", lines.stream().map(JsonNode::toString).toList()) + "\n";
        return text("POST", "/api/v1/tasks/bulk", NDJSON, body, Map.of())
                .lines()
                .filter(l -> !l.isBlank())
                .map(this::parse)
                .toList();
    }

    public JsonNode get(String path) {
        return send("GET", "/api/v1" + path, "application/json", null, Map.of());
    }

    /** Lines of JSON, as they are. */
    public String lines(String path) {
        return text("GET", "/api/v1" + path, NDJSON, null, Map.of());
    }

    public JsonNode post(String path, JsonNode body) {
        return send("POST", "/api/v1" + path, "application/json", Json.write(body), Map.of());
    }

    /** Puts a text of another kind than JSON. */
    public JsonNode put(String path, String contentType, String body) {
        return send("PUT", "/api/v1" + path, contentType, body, Map.of());
    }

    public JsonNode patch(String path, JsonNode body) {
        return send("PATCH", "/api/v1" + path, "application/json", Json.write(body), Map.of());
    }

    public void delete(String path) {
        text("DELETE", "/api/v1" + path, "application/json", null, Map.of());
    }

    /** The task, at the latest after half a minute, at once if it is final. */
    public JsonNode await(String id) {
        return send(
                "GET",
                "/api/v1/tasks/" + id,
                "application/json",
                null,
                Map.of("Prefer", "wait=" + WAIT_SECONDS));
    }

    /** What happens to a task, as it happens, but for its place in line. */
    public ServerEvents events(String id, @Nullable String lastId) throws IOException {
        return events(id, lastId, false);
    }

    /**
     * What happens to a task, as it happens.
     *
     * @param lastId of the last event that was seen; null for all from the start
     * @param queue whether to hear of its place in line
     * @throws IOException if nobody answers
     */
    public ServerEvents events(String id, @Nullable String lastId, boolean queue)
            throws IOException {
        Map<String, String> headers = lastId == null ? Map.of() : Map.of("Last-Event-ID", lastId);
        String path = "/api/v1/tasks/" + id + "/events" + (queue ? "?queue=true" : "");
        HttpRequest request = request("GET", path, "application/json", null, headers);
        try {
            HttpResponse<InputStream> response =
                    http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() >= 400) {
                try (InputStream body = response.body()) {
                    throw refusal(
                            response.statusCode(),
                            new String(body.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            return new ServerEvents(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    public static boolean isFinal(JsonNode task) {
        return FINAL.contains(task.path("state").asString(""));
    }

    private JsonNode send(
            String method,
            String path,
            String contentType,
            @Nullable String body,
            Map<String, String> headers) {
        return parse(text(method, path, contentType, body, headers));
    }

    private JsonNode parse(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new FleetException(url + " is not a fleet: it answers with something else", e);
        }
    }

    private String text(
            String method,
            String path,
            String contentType,
            @Nullable String body,
            Map<String, String> headers) {
        HttpRequest request = request(method, path, contentType, body, headers);
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 400) {
                throw refusal(response.statusCode(), response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new FleetException(
                    FleetException.UNREACHABLE,
                    "no fleet answers at " + url + ": start it with ./fleet up, or set FLEET_URL",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    private HttpRequest request(
            String method,
            String path,
            String contentType,
            @Nullable String body,
            Map<String, String> headers) {
        HttpRequest.Builder builder;
        try {
            builder = HttpRequest.newBuilder(URI.create(url + path));
        } catch (IllegalArgumentException e) {
            throw new FleetException(
                    FleetException.USAGE, "FLEET_URL is '" + url + "', which is no http URL", e);
        }
        builder.timeout(PATIENCE).header("Content-Type", contentType);
        if (!key.isEmpty()) {
            builder.header("Authorization", "Bearer " + key);
        }
        headers.forEach(builder::header);
        return builder.method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static FleetException refusal(int status, String body) {
        return new FleetException(
                status == 503 ? FleetException.UNREACHABLE : FleetException.FAILED,
                "refused (" + status + "): " + reason(body),
                null);
    }

    /** Detail and fields of a ProblemDetail. */
    static String reason(String body) {
        if (body.isBlank()) {
            return "no reason given";
        }
        try {
            JsonNode problem = Json.MAPPER.readTree(body);
            String detail = problem.path("detail").asString(problem.path("title").asString(body));
            List<String> fields =
                    StreamSupport.stream(problem.path("errors").spliterator(), false)
                            .map(
                                    e ->
                                            e.path("field").asString("")
                                                    + " "
                                                    + e.path("message").asString(""))
                            .toList();
            // The detail may say the first of them already.
            return fields.isEmpty()
                    ? detail
                    : (detail.startsWith(fields.getFirst()) ? "" : detail + ": ")
                            + String.join("; ", fields);
        } catch (JacksonException e) {
            return body;
        }
    }
}
