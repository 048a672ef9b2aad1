package io.llmfleet.system.canary;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.sun.net.httpserver.HttpServer;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.FleetSettings;
import io.llmfleet.cli.local.LocalFleet;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.cli.local.Service;
import io.llmfleet.cli.local.ServiceProcess;
import io.llmfleet.model.Priority;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Case S7, and the trace of a task: a whole fleet that logs as ECS and exports its spans, with a
 * backend that repeats every prompt in whatever it says.
 */
class CanaryIT {

    private static final String CANARY = "canary7f3a9b51";
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String CLIENT = "canary";
    private static final String LEVELS = "1s,2s";
    private static final byte[] NO_JSON = ("{\"input\": " + CANARY).getBytes(UTF_8);
    private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED");

    @TempDir static Path folder;
    private static FleetHome home;
    private static LocalFleet fleet;
    private static EchoingBackend backend;
    private static OtlpReceiver otlp;
    private static HttpServer hooks;
    private static Copies copies;
    private static String clientUri;
    private static String base;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> headersSeen = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void up() throws Exception {
        TestBroker broker = TestBroker.shared().newVhost();
        backend = new EchoingBackend();
        otlp = new OtlpReceiver();
        hooks = refusingHooks();
        int port = Ports.any();
        base = "http://127.0.0.1:" + port;
        Map<String, String> settings = new HashMap<>();
        settings.put("FLEET_PORT", Integer.toString(port));
        settings.put("RABBITMQ_URI", broker.amqpUri());
        settings.put("RABBITMQ_MANAGEMENT_URL", broker.managementUrl());
        settings.put("LLM_BASE_URL", backend.url());
        settings.put("LLM_MODEL", EchoingBackend.MODEL);
        settings.put("FLEET_RETRY_LEVELS", LEVELS);
        settings.put("FLEET_WEBHOOK_ALLOWED_HOSTS", "127.0.0.1");
        // What fails here fails on purpose: no breaker shall open.
        settings.put("FLEET_BREAKER_CALLS", "1000");
        settings.put("FLEET_BREAKER_FAILURERATE", "100");
        settings.put("FLEET_LOG_FORMAT", "ecs");
        settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", otlp.url());
        settings.put("MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_SCHEDULEDELAY", "200ms");
        home = new FleetHome(ROOT, folder.resolve("home"));
        fleet = new LocalFleet(home, FleetSettings.ofProcess().with(settings), line -> {});
        fleet.up(false);
        clientUri = fleet.createClient(CLIENT);
        BrokerEndpoint endpoint = new BrokerEndpoint(broker.amqpUri(), null);
        copies = new Copies(endpoint, CLIENT, RetryLadder.parse(LEVELS));
    }

    @AfterAll
    static void down() throws IOException {
        if (copies != null) {
            copies.close();
        }
        if (fleet != null) {
            fleet.wipe();
        }
        backend.close();
        otlp.close();
        hooks.stop(0);
    }

    private static HttpServer refusingHooks() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] answer = ("no " + CANARY).getBytes(UTF_8);
                    exchange.sendResponseHeaders(500, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        return server;
    }

    @Test
    void oneTraceSpansProducerRouterAndWorkerAcrossARetry() {
        String traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        String text = "once-broken traced";

        UUID task =
                submit(chat(text), Map.of("traceparent", "00-" + traceId + "-00f067aa0ba902b7-01"));
        JsonNode done = untilFinal(task);

        assertThat(done.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(done.path("attempts").asInt()).isEqualTo(2);
        await().atMost(PATIENCE).until(() -> names(traceId).contains("process llm.replies.q"));
        await().atMost(PATIENCE).until(() -> names(traceId).contains("http post /api/v1/tasks"));
        List<OtlpReceiver.Span> spans = otlp.trace(traceId);
        assertThat(names(traceId))
                .contains("send llm.ingress", "process llm.replies.q")
                .containsSubsequence("process llm.ingress.normal", "process llm.ingress.normal")
                .containsSubsequence(
                        "process llm.work.default.normal", "process llm.work.default.normal")
                .containsSubsequence("chat echo-llm", "chat echo-llm");
        assertThat(spans.stream().map(OtlpReceiver.Span::service).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("producer-service", "router-service", "worker-service");
        Set<String> ids = spans.stream().map(OtlpReceiver.Span::spanId).collect(Collectors.toSet());
        assertThat(spans)
                .as("each span is a child of another one, or of the caller's")
                .allMatch(
                        s -> ids.contains(s.parentId()) || s.parentId().equals("00f067aa0ba902b7"));
        assertThat(spans)
                .as("each says which task it is about")
                .allMatch(s -> task.toString().equals(s.attributes().get("llmfleet.task.id")));
        List<String> calls =
                spans.stream()
                        .filter(s -> s.name().equals("chat echo-llm"))
                        .map(s -> "00-" + traceId + "-" + s.spanId() + "-01")
                        .toList();
        assertThat(backend.calls(text))
                .extracting(EchoingBackend.Call::traceParent)
                .containsExactlyInAnyOrderElementsOf(calls);
    }

    @Test
    void aTraceThatItsCallerDoesNotSampleIsPassedOnAndNotRecorded() {
        String traceId = "aaaa2f3577b34da6a3ce929d0e0e4736";
        String text = "good unsampled";

        UUID task =
                submit(chat(text), Map.of("traceparent", "00-" + traceId + "-00f067aa0ba902b7-00"));
        untilFinal(task);

        assertThat(backend.calls(text).getFirst().traceParent())
                .startsWith("00-" + traceId + "-")
                .endsWith("-00");
        UUID later = submit(chat("good later"), Map.of());
        untilFinal(later);
        await().atMost(PATIENCE)
                .until(
                        () ->
                                otlp.spans().stream()
                                        .anyMatch(
                                                s ->
                                                        s.name().equals("process llm.replies.q")
                                                                && later.toString()
                                                                        .equals(
                                                                                s.attributes()
                                                                                        .get(
                                                                                                "llmfleet.task.id"))));
        assertThat(otlp.trace(traceId)).isEmpty();
    }

    @Test
    void aLineThatIsAboutATaskSaysWhichInFields() throws IOException {
        String traceId = "bbbb2f3577b34da6a3ce929d0e0e4736";
        String low = Queues.work("default", Priority.LOW);
        copies.leave(Exchanges.WORK);
        copies.channel().queueUnbind(low, Exchanges.WORK, "*.default.low");
        UUID task =
                submit(
                        chat("good unbound").put("priority", "low"),
                        Map.of("traceparent", "00-" + traceId + "-00f067aa0ba902b7-01"));

        Path log = home.service(Service.ROUTER, 1).log();
        await().atMost(PATIENCE).until(() -> Files.readString(log).contains(task.toString()));
        copies.channel().queueBind(low, Exchanges.WORK, "*.default.low");
        copies.join(Exchanges.WORK);

        JsonNode line =
                Json.tree(
                        Files.readString(log)
                                .lines()
                                .filter(l -> l.contains(task.toString()))
                                .findFirst()
                                .orElseThrow()
                                .getBytes(UTF_8));
        assertThat(line.at("/task/id").asString()).isEqualTo(task.toString());
        assertThat(line.path("trace.id").asString()).isEqualTo(traceId);
        assertThat(line.at("/service/name").asString()).isEqualTo("router-service");
        assertThat(untilFinal(task).path("state").asString()).isEqualTo("SUCCEEDED");
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
            tasks.add(submit(chat(prompt(fate)), Map.of("Idempotency-Key", "key-" + fate)));
        }
        tasks.add(submit(stream(chat(prompt("streamed"))), Map.of()));
        tasks.add(submit(stream(chat(prompt("cut-stream"))), Map.of()));
        tasks.add(submit(chat(prompt("slow")).put("callLimit", "PT1S"), Map.of()));
        tasks.add(submit(chat(prompt("slow late")).put("deadline", "PT3S"), Map.of()));
        tasks.add(submit(structured(), Map.of()));
        tasks.add(submit(classified(), Map.of()));
        tasks.add(submit(hooked(), Map.of()));
        UUID cancelled = submit(chat(prompt("slow cancelled")), Map.of());
        await().atMost(PATIENCE).until(() -> !backend.calls(prompt("slow cancelled")).isEmpty());
        request("POST", "/api/v1/tasks/" + cancelled + "/cancel", "", Map.of());
        request("DELETE", "/api/v1/tasks/" + cancelled, null, Map.of());
        askWrongly();
        askLikeOpenAi();
        askOverAmqp();
        follow(tasks.getFirst());
        disturbQueues();

        tasks.forEach(this::untilFinal);
        await().atMost(PATIENCE).until(() -> metric("fleet_webhooks") > 0);
        await().atMost(PATIENCE)
                .until(
                        () ->
                                request("GET", "/api/v1/dead-letters?limit=500", null, Map.of())
                                        .body()
                                        .contains("UNREADABLE"));
        String last = submit(chat("good last"), Map.of()).toString();
        untilFinal(UUID.fromString(last));
        await().atMost(PATIENCE).until(() -> spansOf(last).contains("process llm.replies.q"));

        assertThat(backend.calls()).as("it was there").anyMatch(c -> c.text().contains(CANARY));
        checkBroker();
        assertThat(headersSeen.stream().filter(CanaryIT::sings)).as("headers of answers").isEmpty();
        for (Service service : Service.values()) {
            ServiceProcess process = home.service(service, 1);
            String log = Files.readString(process.log());
            assertThat(log.lines().filter(CanaryIT::sings)).as("log of " + service).isEmpty();
            assertThat(log.lines().filter(l -> !l.isBlank()))
                    .as("ECS lines of " + service)
                    .isNotEmpty()
                    .allMatch(l -> l.startsWith("{\"@timestamp\""));
            String metrics = scrape(process);
            assertThat(metrics.lines().filter(CanaryIT::sings)).as("metrics").isEmpty();
            assertThat(metrics).contains("jvm_memory_used_bytes");
        }
        assertThat(otlp.requests())
                .as("exported spans")
                .isNotEmpty()
                .noneMatch(r -> sings(new String(r, ISO_8859_1)));
    }

    /** Bodies of the way to the worker and back hold it; nothing else on the broker does. */
    private static void checkBroker() throws IOException {
        List<Copies.Copy> all = copies.take();
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
        request(
                "POST",
                "/api/v1/tasks",
                chat(prompt("another body")).toString(),
                Map.of("Idempotency-Key", "key-good"));
        request(
                "POST",
                "/api/v1/tasks/bulk",
                chat(prompt("good bulk")) + "\n{\"type\": \"" + CANARY + "\n",
                Map.of("Content-Type", "application/x-ndjson"));
    }

    private void refused(String path, String body) {
        assertThat(request("POST", path, body, Map.of()).statusCode()).isBetween(400, 499);
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
                request("POST", path, body.toString(), Map.of());
                request("POST", path, body.put("stream", true).toString(), Map.of());
            }
        }
        request(
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
        factory.setUri(clientUri);
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
                        Exchanges.submit(CLIENT), "chat.any", properties, body.getBytes(UTF_8));
            }
        }
    }

    /** What no service can read on the ways between them, or finds wrong in it. */
    private void disturbQueues() throws IOException {
        UUID slow = submit(chat(prompt("slow disturbed")), Map.of());
        await().atMost(PATIENCE).until(() -> !backend.calls(prompt("slow disturbed")).isEmpty());
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
        copies.channel()
                .basicPublish(
                        exchange,
                        key,
                        new AMQP.BasicProperties.Builder().headers(headers).deliveryMode(2).build(),
                        body);
    }

    private void follow(UUID task) {
        HttpResponse<String> events =
                request("GET", "/api/v1/tasks/" + task + "/events?queue=true", null, Map.of());
        assertThat(events.body()).contains("event: final");
    }

    private static String prompt(String fate) {
        return fate + " " + CANARY + " tell me";
    }

    private static ObjectNode chat(String text) {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "chat");
        task.putObject("input").put("text", text);
        return task;
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
        return chat(prompt("good hooked"))
                .put("webhook", "http://127.0.0.1:" + hooks.getAddress().getPort() + "/hook");
    }

    private UUID submit(ObjectNode task, Map<String, String> headers) {
        HttpResponse<String> answer = request("POST", "/api/v1/tasks", task.toString(), headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return UUID.fromString(Json.tree(answer.body().getBytes(UTF_8)).path("id").asString());
    }

    private JsonNode untilFinal(UUID task) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            String path = "/api/v1/tasks/" + task;
                            String body = request("GET", path, null, Map.of()).body();
                            return Json.tree(body.getBytes(UTF_8));
                        },
                        t -> FINAL.contains(t.path("state").asString("")));
    }

    private HttpResponse<String> request(
            String method, String path, String body, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(PATIENCE)
                        .setHeader("Authorization", "Bearer " + home.apiKey())
                        .setHeader("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            headersSeen.add(path + " " + answer.headers().map());
            return answer;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String scrape(ServiceProcess process) throws Exception {
        URI uri = URI.create(process.url() + "/actuator/prometheus");
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }

    private double metric(String name) throws Exception {
        return scrape(home.service(Service.PRODUCER, 1))
                .lines()
                .filter(l -> l.startsWith(name))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static List<String> names(String traceId) {
        return otlp.trace(traceId).stream().map(OtlpReceiver.Span::name).toList();
    }

    private static List<String> spansOf(String task) {
        return otlp.spans().stream()
                .filter(s -> task.equals(s.attributes().get("llmfleet.task.id")))
                .map(OtlpReceiver.Span::name)
                .toList();
    }
}
