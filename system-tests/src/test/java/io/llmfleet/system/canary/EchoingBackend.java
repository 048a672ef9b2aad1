package io.llmfleet.system.canary;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An LLM endpoint that repeats the prompt in whatever it says, errors and headers among it; the
 * prompt's first word says how the call goes.
 */
final class EchoingBackend implements AutoCloseable {

    static final String MODEL = "echo-llm";

    /** What a call asked, and the trace context that came with it. */
    record Call(String text, String traceParent) {}

    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();

    EchoingBackend() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    List<Call> calls() {
        return calls;
    }

    List<Call> calls(String text) {
        return calls.stream().filter(c -> c.text().equals(text)).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] asked = exchange.getRequestBody().readAllBytes();
        JsonNode body = Json.tree(asked);
        String text = prompt(body);
        calls.add(
                new Call(
                        text,
                        String.valueOf(exchange.getRequestHeaders().getFirst("traceparent"))));
        int nth = tries.computeIfAbsent(text, t -> new AtomicInteger()).incrementAndGet();
        exchange.getResponseHeaders().set("x-echo", text.replaceAll("\\s+", "-"));
        try (exchange) {
            answer(exchange, text, nth, body);
        } catch (IOException e) {
            // The caller did not want to wait.
        }
    }

    private static String prompt(JsonNode body) {
        JsonNode messages = body.path("messages");
        return messages.isEmpty()
                ? body.path("input").path(0).asString(body.path("input").asString(""))
                : messages.get(messages.size() - 1).path("content").asString("");
    }

    private static void answer(HttpExchange exchange, String text, int nth, JsonNode body)
            throws IOException {
        switch (text.split(" ")[0]) {
            case "refused" -> send(exchange, 400, error(text));
            case "unauthorized" -> send(exchange, 401, error(text));
            case "broken" -> send(exchange, 500, error(text));
            case "once-broken" -> send(exchange, nth == 1 ? 500 : 200, completion(text));
            case "busy" -> {
                exchange.getResponseHeaders().set("Retry-After", text.replace(' ', '-'));
                send(exchange, nth == 1 ? 429 : 200, completion(text));
            }
            case "slow" -> {
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 40; i++) {
                    exchange.getResponseBody().write(("\"" + text + "\" ").getBytes());
                    exchange.getResponseBody().flush();
                    pause();
                }
            }
            case "no-json" -> send(exchange, 200, text);
            case "no-completion" -> send(exchange, 200, "{\"choices\": \"" + text + "\"}");
            case "cut" -> {
                byte[] part = completion(text).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, part.length + 100L);
                exchange.getResponseBody().write(part);
            }
            case "cut-stream" -> stream(exchange, text, false);
            case "vectors" -> send(exchange, 200, embeddings());
            default -> {
                if (body.path("stream").asBoolean(false)) {
                    stream(exchange, text, true);
                } else {
                    send(exchange, 200, completion(text));
                }
            }
        }
    }

    private static void stream(HttpExchange exchange, String text, boolean whole)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        for (String piece : text.split("(?<= )")) {
            ObjectNode chunk = Json.MAPPER.createObjectNode().put("model", MODEL);
            chunk.putArray("choices").addObject().putObject("delta").put("content", piece);
            write(exchange, "data: " + chunk + "\n\n");
        }
        write(
                exchange,
                whole
                        ? "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                                + "data: [DONE]\n\n"
                        : "data: {\"error\": \"" + text + "\n\n");
    }

    private static void write(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void send(HttpExchange exchange, int status, String answer) throws IOException {
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String error(String text) {
        ObjectNode answer = Json.MAPPER.createObjectNode();
        answer.putObject("error").put("message", "cannot answer '" + text + "'").put("code", text);
        return answer.toString();
    }

    private static String completion(String text) {
        ObjectNode answer = Json.MAPPER.createObjectNode().put("object", "chat.completion");
        answer.put("model", MODEL);
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", text);
        choice.put("finish_reason", "stop");
        answer.putObject("usage").put("prompt_tokens", 3).put("completion_tokens", 5);
        return answer.toString();
    }

    private static String embeddings() {
        return "{\"object\":\"list\",\"model\":\""
                + MODEL
                + "\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5,0.25]}],"
                + "\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}";
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
