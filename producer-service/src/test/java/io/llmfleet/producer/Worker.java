package io.llmfleet.producer;

import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Result;
import io.llmfleet.model.Usage;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Plays the router and the worker: takes tasks off the ingress and replies to them. */
public record Worker(ProducerUnderTest producer) {

    public static final String MODEL = "model-it";

    /** The task as a worker would have it, with its route. */
    public Envelope take(UUID task) {
        GetResponse message = producer.takeTask(task);
        return ProducerUnderTest.envelope(message).routed("default", MODEL, "it");
    }

    public void succeed(Envelope task, String text) {
        reply(task, RoutingKeys.SUCCEEDED, succeeded(text));
    }

    public void fail(Envelope task, FailureCode code) {
        Failure failure = Failure.of(code, "it failed on purpose").permanent();
        AttemptFailure attempt =
                new AttemptFailure(
                        task.attempt(), code, failure.message(), null, Instant.now(), "it", MODEL);
        reply(task.failedForGood(attempt), RoutingKeys.FAILED, Json.bytes(failure));
    }

    public void reply(Envelope task, String outcome, byte[] body) {
        publish(task, headers(task, outcome), outcome, body);
    }

    public void publish(Envelope task, Map<String, Object> headers, String outcome, byte[] body) {
        producer.publish(Exchanges.REPLIES, RoutingKeys.reply(task.type(), outcome), headers, body);
    }

    public static Map<String, Object> headers(Envelope task, String outcome) {
        Map<String, Object> headers = task.toHeaders();
        headers.put(Headers.OUTCOME, outcome);
        headers.put(Headers.WORKER, "it");
        headers.put(Headers.STARTED_AT, Instant.now().toEpochMilli());
        return headers;
    }

    public static byte[] succeeded(String text) {
        return Json.bytes(
                new Result.Succeeded(
                        Json.MAPPER.createObjectNode().put("text", text),
                        new Usage(3, 5, new BigDecimal("0.25"), 12),
                        MODEL));
    }

    /** A piece of the output as it is made. */
    public void say(Envelope task, int seq, String text) {
        publish(new Delta(task.taskId(), task.epoch(), task.attempt(), seq, text, null));
    }

    /**
     * @param choices JSON with single quotes
     */
    public void sayChoices(Envelope task, int seq, String choices) {
        JsonNode json = json(choices);
        publish(new Delta(task.taskId(), task.epoch(), task.attempt(), seq, null, json));
    }

    private void publish(Delta delta) {
        producer.publish(Exchanges.DELTAS, "chat", Map.of(), Json.bytes(List.of(delta)));
    }

    /**
     * @param deltas how many pieces there were
     * @param output JSON with single quotes
     */
    public void succeed(Envelope task, int deltas, String output) {
        Map<String, Object> headers = headers(task, RoutingKeys.SUCCEEDED);
        headers.put(Headers.LAST_SEQ, deltas);
        Usage usage = new Usage(3, 5, null, 12);
        byte[] result = Json.bytes(new Result.Succeeded(json(output), usage, MODEL));
        publish(task, headers, RoutingKeys.SUCCEEDED, result);
    }

    /** A completion that says this text. */
    public static String completion(String text, String finishReason) {
        return "{'choices':[{'index':0,'message':{'role':'assistant','content':'"
                + text
                + "'},'finish_reason':'"
                + finishReason
                + "'}]}";
    }

    /** The task as it comes after an attempt that broke off. */
    public static Envelope again(Envelope task) {
        return task.nextAttempt(
                new AttemptFailure(
                        task.attempt(),
                        FailureCode.BACKEND_UNAVAILABLE,
                        "it broke off",
                        null,
                        Instant.now(),
                        "it",
                        null));
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
