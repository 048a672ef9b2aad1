package io.llmfleet.worker.backend;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Usage;
import io.llmfleet.wire.Json;
import java.io.FileWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * For load tests: answers at once, after a fixed time, or after the time that the task itself says
 * ({@code parameters.instantMillis}), with the text that it was asked.
 */
final class InstantBackend implements Backend {

    static final String MODEL = "instant";

    private static final String MILLIS = "instantMillis";
    private static final double LONGEST_MILLIS = 60_000;

    private final BackendProperties.Instant properties;
    private final @Nullable Writer callLog;

    InstantBackend(BackendProperties.Instant properties) {
        this.properties = properties;
        this.callLog = open(properties.callLog());
    }

    @Override
    public String name() {
        return MODEL;
    }

    @Override
    public List<String> models() {
        return List.of(MODEL);
    }

    @Override
    public Set<String> types() {
        return Set.of("chat", "generate");
    }

    @Override
    public Answer call(Call call) {
        logCall(call);
        String text =
                call.input().path("text").asString(call.input().path("prompt").asString("ok"));
        try {
            if (call.deltas().wanted() && properties.deltas() > 0) {
                say(text, call.deltas());
            } else if (latency(call).isPositive()) {
                Thread.sleep(latency(call));
            }
        } catch (InterruptedException e) {
            return new Answer.Failed(Failure.of(FailureCode.CALL_TIMEOUT, "the call was stopped"));
        }
        return new Answer.Done(
                call.type().name().equals("chat")
                        ? completion(text)
                        : Json.MAPPER.createObjectNode().put("text", text),
                new Usage(0, 0, null, properties.latency().toMillis()),
                MODEL);
    }

    private Duration latency(Call call) {
        JsonNode parameters = call.parameters();
        double millis = parameters == null ? -1 : parameters.path(MILLIS).asDouble(-1);
        return millis < 0
                ? properties.latency()
                : Duration.ofNanos((long) (Math.min(millis, LONGEST_MILLIS) * 1e6));
    }

    /** The text in equal pieces, the first at once and the others spread over the latency. */
    private void say(String text, DeltaSink deltas) throws InterruptedException {
        int pieces = Math.min(properties.deltas(), text.length());
        for (int i = 0; i < pieces; i++) {
            String piece =
                    text.substring(text.length() * i / pieces, text.length() * (i + 1) / pieces);
            ArrayNode choices = Json.MAPPER.createArrayNode();
            choices.addObject().put("index", 0).putObject("delta").put("content", piece);
            deltas.add(choices);
            Thread.sleep(properties.latency().dividedBy(pieces));
        }
    }

    private static JsonNode completion(String text) {
        ObjectNode completion =
                Json.MAPPER.createObjectNode().put("object", "chat.completion").put("model", MODEL);
        ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", text);
        choice.put("finish_reason", "stop");
        return completion;
    }

    /**
     * A line is in the file before the call goes on, so a killed process has counted what it
     * called.
     */
    private void logCall(Call call) {
        if (callLog == null) {
            return;
        }
        synchronized (callLog) {
            try {
                callLog.write(call.taskId() + " " + call.epoch() + " " + call.attempt() + "\n");
                callLog.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static @Nullable Writer open(@Nullable String file) {
        try {
            return file == null || file.isBlank()
                    ? null
                    : new FileWriter(file, StandardCharsets.UTF_8, true);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "fleet.instant.call-log '" + file + "' cannot be written", e);
        }
    }
}
