package io.llmfleet.system.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * An LLM endpoint that streams at an even pace. Each piece is the time at which it was written, in
 * microseconds, so that its reader knows how old it is.
 */
final class StreamingBackend implements AutoCloseable {

    static final String MODEL = "bench-stream";

    static {
        // By default the server closes idle connections beyond 200, under the next request's feet.
        System.setProperty("sun.net.httpserver.maxIdleConnections", "5000");
        System.setProperty("sun.net.httpserver.idleInterval", "300");
    }

    private final HttpServer server;

    /**
     * What a prompt asks for.
     *
     * @param gap before each piece
     */
    record Pace(int pieces, Duration gap) {

        String prompt() {
            return pieces + " " + gap.toMillis();
        }

        static Pace of(String prompt) {
            String[] parts = prompt.split(" ");
            return new Pace(
                    Integer.parseInt(parts[0]), Duration.ofMillis(Long.parseLong(parts[1])));
        }
    }

    StreamingBackend() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** Microseconds that only differences of mean something. */
    static long now() {
        return System.nanoTime() / 1_000;
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode request = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
        Pace pace = Pace.of(request.at("/messages/0/content").asString(""));
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            long due = System.nanoTime();
            for (int i = 0; i < pace.pieces(); i++) {
                due += pace.gap().toNanos();
                LockSupport.parkNanos(due - System.nanoTime());
                write(out, "{\"content\":\"" + now() + " \"}", "null");
            }
            write(out, "{}", "\"stop\"");
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void write(OutputStream out, String delta, String finish) throws IOException {
        String chunk =
                "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":\""
                        + MODEL
                        + "\",\"choices\":[{\"index\":0,\"delta\":"
                        + delta
                        + ",\"finish_reason\":"
                        + finish
                        + "}]}\n\n";
        out.write(chunk.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
