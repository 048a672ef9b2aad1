package io.llmfleet.system.chaos.fleet;

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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A small LLM endpoint that behaves as badly as a case wants it to; it answers with the text that
 * it was asked and remembers every call.
 */
public final class HttpBackend implements AutoCloseable {

    public static final String MODEL = "chaos-llm";

    private static final Duration STEP = Duration.ofMillis(100);

    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile Function<Call, Behaviour> behaviour = call -> Behaviour.GOOD;

    /**
     * How a call is answered.
     *
     * @param headers of the answer
     * @param takes until the answer is complete
     */
    public record Behaviour(int status, Map<String, String> headers, Duration takes) {

        public static final Behaviour GOOD = new Behaviour(200, Map.of(), Duration.ZERO);

        public static Behaviour after(Duration time) {
            return new Behaviour(200, Map.of(), time);
        }

        public static Behaviour status(int status) {
            return new Behaviour(status, Map.of(), Duration.ZERO);
        }
    }

    /** One call, from its arrival to its end. */
    public static final class Call {

        private final String text;
        private final String caller;
        private final Instant at;
        private volatile boolean answered;
        private volatile boolean aborted;
        private volatile @Nullable Instant endedAt;

        private Call(String text, String caller, Instant at) {
            this.text = text;
            this.caller = caller;
            this.at = at;
        }

        /** What was asked. */
        public String text() {
            return text;
        }

        /** The worker's name. */
        public String caller() {
            return caller;
        }

        public Instant at() {
            return at;
        }

        /** When the answer was complete, or its caller was found to be gone; null before. */
        public @Nullable Instant endedAt() {
            return endedAt;
        }

        public boolean answered() {
            return answered;
        }

        /** Whether the caller went away before the answer was complete. */
        public boolean aborted() {
            return aborted;
        }
    }

    HttpBackend() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
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

    /** From now on calls are answered so. */
    public void behave(Function<Call, Behaviour> how) {
        behaviour = how;
    }

    /** It answers well and at once. */
    public void heal() {
        behaviour = call -> Behaviour.GOOD;
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<Call> calls(String text) {
        return calls.stream().filter(c -> c.text().equals(text)).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode body = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
        String text = body.path("messages").path(0).path("content").asString("");
        String model = body.path("model").asString(MODEL);
        String key = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        Call call = new Call(text, key.replace("Bearer ", ""), Instant.now());
        calls.add(call);
        Behaviour how = behaviour.apply(call);
        try (exchange) {
            how.headers().forEach(exchange.getResponseHeaders()::set);
            if (how.takes().isZero()) {
                byte[] answer = answer(model, text);
                exchange.sendResponseHeaders(how.status(), answer.length);
                call.endedAt = Instant.now();
                exchange.getResponseBody().write(answer);
            } else {
                slowly(exchange, how, call, answer(model, text));
            }
            call.answered = true;
        } catch (IOException e) {
            call.aborted = true;
            call.endedAt = Instant.now();
        }
    }

    /** Blanks before the answer: only who writes sees that the caller is gone. */
    private static void slowly(HttpExchange exchange, Behaviour how, Call call, byte[] answer)
            throws IOException {
        exchange.sendResponseHeaders(how.status(), 0);
        OutputStream out = exchange.getResponseBody();
        Instant end = Instant.now().plus(how.takes());
        while (Instant.now().isBefore(end)) {
            out.write(' ');
            out.flush();
            Waits.pause(STEP);
        }
        call.endedAt = Instant.now();
        out.write(answer);
    }

    private static byte[] answer(String model, String text) {
        ObjectNode answer = Json.MAPPER.createObjectNode().put("object", "chat.completion");
        answer.put("model", model);
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", text);
        choice.put("finish_reason", "stop");
        // A word is a token.
        int tokens = text.split(" ").length;
        answer.putObject("usage").put("prompt_tokens", tokens).put("completion_tokens", tokens);
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
