package io.llmfleet.system.bench;

import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import tools.jackson.databind.node.ObjectNode;

/** Streamed chats against one OpenAI-compatible endpoint, and how long their pieces take. */
final class StreamCalls implements AutoCloseable {

    private static final int DIGITS = 4;
    private static final long HIGHEST_MICROS = Duration.ofMinutes(2).toNanos() / 1_000;
    private static final String DATA = "data: {";

    private final String url;
    private final String key;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentHistogram first = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private final ConcurrentHistogram total = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private final ConcurrentHistogram age = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private final LongAdder failed = new LongAdder();
    private final Phaser calls = new Phaser(1);

    /**
     * @param url with {@code /v1}
     */
    StreamCalls(String url, String key) {
        this.url = url;
        this.key = key;
    }

    /** How many have not come to their end. */
    int running() {
        return calls.getRegisteredParties() - 1;
    }

    /** Starts one call. */
    void start(StreamingBackend.Pace pace) {
        calls.register();
        Thread.ofVirtual().start(() -> call(pace));
    }

    /** Waits until all that were started are over. */
    void awaitAll() {
        calls.arriveAndAwaitAdvance();
        if (failed.sum() > 0) {
            throw new FleetException(
                    url + ": " + failed.sum() + " streams did not come to their end");
        }
    }

    void forget() {
        first.reset();
        total.reset();
        age.reset();
    }

    /** Microseconds from the call to its first piece. */
    ConcurrentHistogram first() {
        return first;
    }

    /** Microseconds from the call to its end. */
    ConcurrentHistogram total() {
        return total;
    }

    /** Microseconds from the making of a piece to its arrival. */
    ConcurrentHistogram age() {
        return age;
    }

    private void call(StreamingBackend.Pace pace) {
        long start = StreamingBackend.now();
        try {
            int pieces = read(start, request(pace));
            total.recordValue(StreamingBackend.now() - start);
            if (pieces != pace.pieces()) {
                failed.increment();
            }
        } catch (IOException | InterruptedException e) {
            failed.increment();
        } finally {
            calls.arriveAndDeregister();
        }
    }

    private int read(long start, HttpRequest request) throws IOException, InterruptedException {
        int pieces = 0;
        var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(DATA)) {
                    pieces += measure(start, pieces, line.substring(DATA.length() - 1));
                }
            }
        }
        return pieces;
    }

    private int measure(long start, int before, String chunk) {
        String text =
                Json.tree(chunk.getBytes(StandardCharsets.UTF_8))
                        .at("/choices/0/delta/content")
                        .asString("");
        if (text.isBlank()) {
            return 0;
        }
        long now = StreamingBackend.now();
        if (before == 0) {
            first.recordValue(now - start);
        }
        String[] pieces = text.strip().split(" ");
        for (String piece : pieces) {
            age.recordValue(Math.max(0, now - Long.parseLong(piece)));
        }
        return pieces.length;
    }

    private HttpRequest request(StreamingBackend.Pace pace) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("model", StreamingBackend.MODEL).put("stream", true);
        body.putArray("messages").addObject().put("role", "user").put("content", pace.prompt());
        return HttpRequest.newBuilder(URI.create(url + "/chat/completions"))
                .timeout(Duration.ofMinutes(2))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
    }

    @Override
    public void close() {
        http.close();
    }
}
