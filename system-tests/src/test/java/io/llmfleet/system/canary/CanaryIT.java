package io.llmfleet.system.canary;

import static io.llmfleet.system.canary.CanaryFleet.PATIENCE;
import static io.llmfleet.system.canary.CanaryFleet.chat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.llmfleet.cli.local.Service;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Case S7: a prompt that fails at every stage leaves its words in none of the wrong places. */
class CanaryIT {

    private static final String CANARY = "canary7f3a9b51";
    private static final byte[] NO_JSON = ("{\"input\": " + CANARY).getBytes(UTF_8);

    @TempDir static Path folder;
    private static CanaryFleet fleet;

    @BeforeAll
    static void up() throws Exception {
        fleet = new CanaryFleet(folder);
    }

    @AfterAll
    static void down() throws IOException {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void aPromptIsInNoLogHeaderMetricOrTrace() throws Exception {
        List<UUID> tasks = new ArrayList<>();
        for (String fate :
                List.of(
                        "good",
                        "refused",
                        "unauthorized",
                        "broken",
                        "once-broken",
                        "busy",
                        "no-json",
                        "no-completion",
                        "cut")) {
            tasks.add(fleet.submit(chat(prompt(fate)), Map.of("Idempotency-Key", "key-" + fate)));
        }
        tasks.add(fleet.submit(stream(chat(prompt("streamed"))), Map.of()));
        tasks.add(fleet.submit(stream(chat(prompt("cut-stream"))), Map.of()));
        tasks.add(fleet.submit(chat(prompt("slow")).put("callLimit", "PT1S"), Map.of()));
        tasks.add(fleet.submit(chat(prompt("slow late")).put("deadline", "PT3S"), Map.of()));
        tasks.add(fleet.submit(structured(), Map.of()));
        tasks.add(fleet.submit(classified(), Map.of()));
        tasks.add(fleet.submit(hooked(), Map.of()));
        UUID cancelled = fleet.submit(chat(prompt("slow cancelled")), Map.of());
        await().atMost(PATIENCE)
                .until(() -> !fleet.backend().calls(prompt("slow cancelled")).isEmpty());
        fleet.request("POST", "/api/v1/tasks/" + cancelled + "/cancel", "", Map.of());
        fleet.request("DELETE", "/api/v1/tasks/" + cancelled, null, Map.of());
        askWrongly();
        askLikeOpenAi();
        askOverAmqp();
        follow(tasks.getFirst());
        disturbQueues();

        tasks.forEach(fleet::untilFinal);
        await().atMost(PATIENCE).until(() -> metric("fleet_webhooks") > 0);
        await().atMost(PATIENCE)
                .until(
                        () ->
                                fleet.request(
                                                "GET",
                                                "/api/v1/dead-letters?limit=500",
                                                null,
                                                Map.of())
                                        .body()
                                        .contains("UNREADABLE"));
        UUID last = fleet.submit(chat("good last"), Map.of());
        fleet.untilFinal(last);
        await().atMost(PATIENCE)
                .until(() -> fleet.otlp().namesOf(last).contains("process llm.replies.q"));

        assertThat(fleet.backend().calls())
                .as("it was there")
                .anyMatch(c -> c.text().contains(CANARY));
        checkBroker();
        assertThat(fleet.headersSeen().stream().filter(CanaryIT::sings))
                .as("headers of answers")
                .isEmpty();
        for (Service service : Service.values()) {
            String log = fleet.log(service);
            assertThat(log.lines().filter(CanaryIT::sings)).as("log of " + service).isEmpty();
            assertThat(log.lines().filter(l -> !l.isBlank()))
                    .as("ECS lines of " + service)
                    .isNotEmpty()
                    .allMatch(l -> l.startsWith("{\"@timestamp\""));
            String metrics = fleet.metrics(service);
            assertThat(metrics.lines().filter(CanaryIT::sings)).as("metrics").isEmpty();
            assertThat(metrics).contains("jvm_memory_used_bytes");
        }
        assertThat(fleet.otlp().requests())
                .as("exported spans")
                .isNotEmpty()
                .noneMatch(r -> sings(new String(r, ISO_8859_1)));
    }

    /** Bodies of the way to the worker and back hold it; nothing else on the broker does. */
    private static void checkBroker() throws IOException {
        List<Copies.Copy> all = fleet.copies().take();
        assertThat(all).as("bodies hold it").anyMatch(c -> sings(new String(c.body(), UTF_8)));
        assertThat(all.stream().map(Copies.Copy::outside).filter(CanaryIT::sings))
                .as("headers")
                .isEmpty();
        assertThat(all.stream().map(Copies.Copy::exchange).collect(Collectors.toSet()))
                .contains(
                        Exchanges.INGRESS,
                        Exchanges.WORK,
                        Exchanges.REPLIES,
                        Exchanges.RESULTS,
                        Exchanges.EVENTS,
                        Exchanges.DELTAS,
                        Exchanges.CONTROL,
                        Exchanges.retry("1s"));
        assertThat(all)
                .filteredOn(c -> Set.of(Exchanges.EVENTS, Exchanges.CONTROL).contains(c.exchange()))
                .as("events and control, but for what this test puts there")
                .filteredOn(c -> !Arrays.equals(c.body(), NO_JSON))
                .noneMatch(c -> sings(new String(c.body(), UTF_8)));
    }

    private static boolean sings(String text) {
        return text.contains(CANARY)
                || text.contains(HexFormat.of().formatHex(CANARY.getBytes(UTF_8)));
    }

    private void askWrongly() {
        ObjectNode wrong = chat(prompt("wrong"));
        wrong.putObject("input").put("text", 7).put("question", prompt("wrong"));
        refused("/api/v1/tasks", wrong.toString());
        refused("/api/v1/tasks", "{\"type\":\"chat\",\"input\":{\"text\":\"" + CANARY);
        refused("/api/v1/tasks", "\"" + CANARY + "\"");
        refused("/api/v1/tasks", "{\"type\":\"chat\",\"input\":\"" + CANARY + "\"}");
        refused("/api/v1/tasks", "[".repeat(300) + "\"" + CANARY + "\"" + "]".repeat(300));
        refused("/api/v1/tasks", chat(prompt("nul \0 in it")).put("target", CANARY).toString());
        refused("/api/v1/tasks", chat(prompt("good")).put("priority", CANARY).toString());
        refused("/api/v1/tasks", chat(prompt("x".repeat(5_000_000))).toString());
        fleet.request(
                "POST",
                "/api/v1/tasks",
                chat(prompt("another body")).toString(),
                Map.of("Idempotency-Key", "key-good"));
        fleet.request(
                "POST",
                "/api/v1/tasks/bulk",
                chat(prompt("good bulk")) + "\n{\"type\": \"" + CANARY + "\n",
                Map.of("Content-Type", "application/x-ndjson"));
    }

    private void refused(String path, String body) {
        assertThat(fleet.request("POST", path, body, Map.of()).statusCode()).isBetween(400, 499);
    }

    private void askLikeOpenAi() {
        for (String fate : List.of("good", "refused", "broken-off", "no-completion")) {
            ObjectNode body = Json.MAPPER.createObjectNode().put("model", EchoingBackend.MODEL);
            body.putArray("messages")
                    .addObject()
                    .put("role", "user")
                    .put("content", prompt(fate + " openai"));
            String path = "/v1/chat/completions";
            if (!fate.equals("no-completion")) {
                fleet.request("POST", path, body.toString(), Map.of());
                fleet.request("POST", path, body.put("stream", true).toString(), Map.of());
            }
        }
        fleet.request(
                "POST",
                "/v1/embeddings",
                "{\"model\":\"echo-llm\",\"input\":\"" + prompt("vectors") + "\"}",
                Map.of());
        refused("/v1/chat/completions", "{\"model\":\"" + CANARY + "\",\"messages\":[]}");
        refused("/v1/chat/completions", "{\"messages\": \"" + CANARY);
        refused("/v1/embeddings", "{\"model\":\"echo-llm\",\"input\":{\"a\":\"" + CANARY + "\"}}");
    }

    /** Two tasks whose results are wanted, and what is no task. */
    private static void askOverAmqp() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(fleet.clientUri());
        try (Connection connection = factory.newConnection("canary client");
                Channel channel = connection.createChannel()) {
            AMQP.BasicProperties properties =
                    new AMQP.BasicProperties.Builder().replyTo("inbox").deliveryMode(2).build();
            for (String body :
                    List.of(
                            "{\"text\":\"" + prompt("good amqp") + "\"}",
                            "{\"text\":\"" + prompt("refused amqp") + "\"}",
                            "{\"txet\":\"" + prompt("no task") + "\"}",
                            "{\"text\":{\"" + CANARY + "\":1}}",
                            prompt("no json"))) {
                channel.basicPublish(
                        Exchanges.submit(CanaryFleet.CLIENT),
                        "chat.any",
                        properties,
                        body.getBytes(UTF_8));
            }
        }
    }

    /** What no service can read on the ways between them, or finds wrong in it. */
    private void disturbQueues() throws IOException {
        UUID slow = fleet.submit(chat(prompt("slow disturbed")), Map.of());
        await().atMost(PATIENCE)
                .until(() -> !fleet.backend().calls(prompt("slow disturbed")).isEmpty());
        Map<String, Object> envelope = new HashMap<>();
        envelope.put(Headers.VERSION, "1.0");
        envelope.put(Headers.TASK_ID, slow.toString());
        envelope.put(Headers.TYPE, "chat");
        envelope.put(Headers.TARGET, "any");
        envelope.put(Headers.PRIORITY, "normal");
        envelope.put(Headers.TENANT, "default");
        envelope.put(Headers.EPOCH, 1);
        envelope.put(Headers.ATTEMPT, 1);
        envelope.put(Headers.MAX_ATTEMPTS, 5);
        envelope.put(Headers.CREATED_AT, System.currentTimeMillis());
        envelope.put(Headers.DEADLINE, System.currentTimeMillis() + 600_000);
        envelope.put(Headers.CALL_LIMIT, 60_000);
        Map<String, Object> reply = new HashMap<>(envelope);
        reply.put(Headers.OUTCOME, "succeeded");
        byte[] noInput = ("{\"inputs\": {\"text\":\"" + CANARY + "\"}}").getBytes(UTF_8);
        byte[] wrongInput = ("{\"input\": {\"text\":[\"" + CANARY + "\"]}}").getBytes(UTF_8);
        publish(Exchanges.INGRESS, "normal.chat.any", Map.of(), NO_JSON);
        publish(Exchanges.WORK, "chat.default.normal", Map.of(), NO_JSON);
        publish(Exchanges.REPLIES, "chat.succeeded", Map.of(), NO_JSON);
        publish(Exchanges.REPLIES, "chat.succeeded", reply, NO_JSON);
        publish(Exchanges.REPLIES, "chat.succeeded", reply, noInput);
        reply.put(Headers.OUTCOME, "failed");
        publish(Exchanges.REPLIES, "chat.failed", reply, NO_JSON);
        publish(Exchanges.EVENTS, "running.chat", Map.of(), NO_JSON);
        publish(Exchanges.DELTAS, "chat", Map.of(), NO_JSON);
        for (byte[] body : List.of(NO_JSON, noInput, wrongInput)) {
            Map<String, Object> headers = new HashMap<>(envelope);
            headers.put(Headers.TASK_ID, UUID.randomUUID().toString());
            publish(Exchanges.INGRESS, "normal.chat.any", headers, body);
        }
    }

    private static void publish(
            String exchange, String key, Map<String, Object> headers, byte[] body)
            throws IOException {
        fleet.copies()
                .channel()
                .basicPublish(
                        exchange,
                        key,
                        new AMQP.BasicProperties.Builder().headers(headers).deliveryMode(2).build(),
                        body);
    }

    private void follow(UUID task) {
        HttpResponse<String> events =
                fleet.request(
                        "GET", "/api/v1/tasks/" + task + "/events?queue=true", null, Map.of());
        assertThat(events.body()).contains("event: final");
    }

    private static String prompt(String fate) {
        return fate + " " + CANARY + " tell me";
    }

    private static ObjectNode stream(ObjectNode task) {
        task.putObject("parameters").put("stream", true);
        return task;
    }

    /** The model answers with something that does not fit. */
    private static ObjectNode structured() {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "generate");
        ObjectNode input = task.putObject("input").put("prompt", prompt("structured"));
        ObjectNode schema = input.putObject("schema").put("type", "object");
        schema.putArray("required").add("name");
        return task;
    }

    private static ObjectNode classified() {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "classify");
        ObjectNode input = task.putObject("input").put("text", prompt("classified"));
        input.putArray("labels").add("one").add("two");
        return task;
    }

    private static ObjectNode hooked() {
        return chat(prompt("good hooked")).put("webhook", fleet.hook(CANARY));
    }

    private double metric(String name) throws Exception {
        return fleet.metrics(Service.PRODUCER)
                .lines()
                .filter(l -> l.startsWith(name))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .sum();
    }
}
