package io.llmfleet.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An LLM endpoint that says what it is told, word by word; a prompt that begins with {@link #HELD}
 * gets the first word, and the rest when the test lets it go on, {@link #REFUSED} is refused, and
 * {@link #BROKEN} until it is mended.
 */
final class TalkingLlm implements AutoCloseable {

    static final String MODEL = "talking-llm";
    static final String HELD = "held";
    static final String REFUSED = "refused";
    static final String BROKEN = "broken";

    private final HttpServer server;
    private final Semaphore goOn = new Semaphore(0);
    private volatile boolean mended;

    TalkingLlm() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** Lets one answer that is held go on. */
    void goOn() {
        goOn.release();
    }

    void mend() {
        mended = true;
    }

    private boolean refuses(String text) {
        return text.equals(REFUSED) || text.equals(BROKEN) && !mended;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = Json.tree(exchange.getRequestBody().readAllBytes());
            JsonNode messages = body.path("messages");
            String text = messages.path(messages.size() - 1).path("content").asString("");
            exchange.getResponseHeaders().set("Content-Type", contentType(body));
            exchange.sendResponseHeaders(refuses(text) ? 400 : 200, 0);
            if (isStream(body)) {
                stream(exchange, text);
            } else {
                write(exchange, completion(text).toString());
            }
        } catch (IOException | InterruptedException e) {
            // The caller did not want to hear the end.
        }
    }

    private static boolean isStream(JsonNode body) {
        return body.path("stream").asBoolean(false);
    }

    private static String contentType(JsonNode body) {
        return isStream(body) ? "text/event-stream" : "application/json";
    }

    private void stream(HttpExchange exchange, String text)
            throws IOException, InterruptedException {
        String[] words = text.split("(?<= )");
        for (int i = 0; i < words.length; i++) {
            if (i == 1 && text.startsWith(HELD)) {
                goOn.acquire();
            }
            ObjectNode chunk = Json.MAPPER.createObjectNode().put("model", MODEL);
            chunk.putArray("choices").addObject().putObject("delta").put("content", words[i]);
            write(exchange, "data: " + chunk + "\n\n");
        }
        ObjectNode end = Json.MAPPER.createObjectNode().put("model", MODEL);
        ObjectNode choice = end.putArray("choices").addObject().put("finish_reason", "stop");
        choice.putObject("delta");
        end.putObject("usage").put("prompt_tokens", 3).put("completion_tokens", words.length);
        write(exchange, "data: " + end + "\n\ndata: [DONE]\n\n");
    }

    private static ObjectNode completion(String text) {
        ObjectNode answer = Json.MAPPER.createObjectNode().put("object", "chat.completion");
        answer.put("model", MODEL);
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", text);
        choice.put("finish_reason", "stop");
        answer.putObject("usage").put("prompt_tokens", 3).put("completion_tokens", 5);
        return answer;
    }

    private static void write(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
