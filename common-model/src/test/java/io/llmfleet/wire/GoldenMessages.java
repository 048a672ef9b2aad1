package io.llmfleet.wire;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.model.Result;
import io.llmfleet.model.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** What the files under {@code golden} say, as objects. */
final class GoldenMessages {

    private static final UUID TASK = UUID.fromString("01993b7a-5d00-7e5a-8c21-6a2f0d9b1c11");
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123Z");
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private GoldenMessages() {}

    /** Bodies by the name of their file. */
    static Map<String, Object> bodies() {
        Map<String, Object> bodies = new LinkedHashMap<>();
        bodies.put(
                "task-body",
                new TaskBody(json("{\"text\":\"a\\u0000b 😀\"}"), json("{\"seed\":7}")));
        bodies.put("task-body-plain", new TaskBody(json("{\"text\":\"a\"}"), null));
        bodies.put(
                "reply-succeeded",
                new Result.Succeeded(
                        json("{\"text\":\"b\"}"),
                        new Usage(10, 5, new BigDecimal("0.00002"), 1234),
                        "gpt-4.1"));
        bodies.put(
                "reply-succeeded-plain",
                new Result.Succeeded(json("{\"text\":\"b\"}"), null, "builtin-minilm"));
        bodies.put(
                "reply-failed",
                Failure.of(FailureCode.RATE_LIMITED, "the backend asks to come later")
                        .retryAfter(Duration.ofSeconds(45))
                        .causedBy(new IllegalStateException()));
        bodies.put(
                "reply-delegated",
                new Delegated(
                        List.of(
                                new Delegated.Call(
                                        "call-1", "summarize", "any", json("{\"text\":\"b\"}"))),
                        json("{\"messages\":[]}"),
                        new Usage(10, 5, new BigDecimal("0.00002"), 1234),
                        "gpt-4.1"));
        bodies.put(
                "task-body-delegation",
                new TaskBody(
                        json("{\"text\":\"a\"}"),
                        null,
                        new Delegation(
                                1,
                                7,
                                6,
                                90_000,
                                json("{\"messages\":[]}"),
                                List.of(
                                        new Delegation.Told(
                                                "call-1", TASK, json("{\"text\":\"c\"}"), null),
                                        new Delegation.Told(
                                                "call-2", null, null, "not delegated")))));
        bodies.put(
                "event-routed",
                new Event(
                        Event.ROUTED,
                        TASK,
                        "chat",
                        1,
                        2,
                        AT,
                        "default",
                        "gpt-4.1",
                        null,
                        null,
                        null,
                        "rule"));
        bodies.put(
                "event-final",
                new Event(
                        Event.FINAL,
                        TASK,
                        "chat",
                        1,
                        2,
                        AT,
                        "default",
                        null,
                        "w-1",
                        "FAILED",
                        "BACKEND_ERROR",
                        null));
        bodies.put(
                "event-routed-sized",
                new Event(
                                Event.ROUTED,
                                TASK,
                                "chat",
                                1,
                                2,
                                AT,
                                "default",
                                null,
                                null,
                                null,
                                null,
                                "rule 1: adaptive")
                        .sized(2048));
        bodies.put(
                "event-final-measured",
                new Event(
                                Event.FINAL,
                                TASK,
                                "chat",
                                1,
                                2,
                                AT,
                                "default",
                                "gpt-4.1",
                                null,
                                "SUCCEEDED",
                                null,
                                null)
                        .used(new Usage(10, 5, new BigDecimal("0.00002"), 1234)));
        bodies.put(
                "route-question",
                new RouteQuestion(TASK, "chat", "any", "acme", Priority.NORMAL, 2048, 85));
        bodies.put(
                "route-explanation",
                new RouteExplanation(
                        TASK,
                        "router-1",
                        AT,
                        "pool",
                        "default",
                        "gpt-4.1",
                        "rule 1: adaptive",
                        "rule 1",
                        "adaptive",
                        null,
                        List.of(
                                new RouteExplanation.Weighed(
                                        "default", "gpt-4.1", 0.98, null, 3, 8, 120.5, 0.99, 812.5,
                                        0.002, 0.89),
                                new RouteExplanation.Weighed(
                                        "spare",
                                        null,
                                        0,
                                        "no live worker",
                                        0,
                                        0,
                                        0,
                                        0.95,
                                        null,
                                        null,
                                        null)),
                        List.of("rules with examples were passed over")));
        bodies.put(
                "worker",
                new WorkerInfo(
                        "w-1",
                        "default",
                        List.of("gpt-4.1", "llama"),
                        List.of("chat", "embed"),
                        4,
                        1,
                        List.of("llama"),
                        false,
                        AT.minusSeconds(60),
                        AT,
                        812.5));
        bodies.put("delta-text", new Delta(TASK, 1, 2, 7, "Hello", null));
        bodies.put(
                "delta-choices",
                new Delta(
                        TASK,
                        1,
                        2,
                        8,
                        null,
                        Json.MAPPER.readTree(
                                "[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c1\"}]}}]")));
        bodies.put("delta-restart", new Delta(TASK, 1, 2, 9, null, null));
        bodies.put("queue-lost", new QueueLost("default", Priority.NORMAL, AT));
        bodies.put("control-cancel", new Control(TASK, 3, AT));
        bodies.put("control-heartbeat", new Control(null, 0, AT));
        return bodies;
    }

    /** Envelopes by the name of their file. */
    static Map<String, Envelope> envelopes() {
        Envelope accepted = accepted();
        Envelope routed = accepted.routed("default", "gpt-4.1", "rule");
        AttemptFailure failure =
                new AttemptFailure(
                        1,
                        FailureCode.BACKEND_ERROR,
                        "backend 'llm' answered with status 500",
                        null,
                        AT,
                        "w-1",
                        "gpt-4.1");
        Map<String, Envelope> envelopes = new LinkedHashMap<>();
        envelopes.put("envelope-accepted", accepted);
        envelopes.put("envelope-waiting", accepted.waitingSince(AT));
        envelopes.put("envelope-routed", routed);
        envelopes.put("envelope-budget", accepted.budgetUsed(85));
        envelopes.put("envelope-retried", routed.nextAttempt(failure).interrupted());
        return envelopes;
    }

    private static Envelope accepted() {
        return new Envelope(
                TASK,
                "chat",
                "gpt-4.1",
                Priority.HIGH,
                "acme",
                1,
                1,
                5,
                0,
                AT,
                AT.plus(Duration.ofHours(24)),
                Duration.ofMinutes(10),
                "talk-7",
                null,
                null,
                null,
                null,
                List.of(),
                TRACE);
    }

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }
}
