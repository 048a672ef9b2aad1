package io.llmfleet.system.bench;

import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request for each task that waits for its answer. */
final class RestLoad implements Load {

    private static final int OK = 200;

    private final HttpRequest request;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    RestLoad(String url, String key, int payloadBytes) {
        this.request =
                HttpRequest.newBuilder(URI.create(url + "/api/v1/tasks"))
                        .timeout(Duration.ofSeconds(40))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + key)
                        .header("Prefer", "wait=30")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        Json.write(BulkRun.task(payloadBytes))))
                        .build();
    }

    @Override
    public String name() {
        return "REST, request to answer";
    }

    @Override
    public void send(Consumer<@Nullable String> ended) {
        threads.execute(() -> ended.accept(ask()));
    }

    private @Nullable String ask() {
        try {
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status == OK ? null : "status " + status;
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    @Override
    public void close() {
        threads.close();
        client.close();
    }
}
