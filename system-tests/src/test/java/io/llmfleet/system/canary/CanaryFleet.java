package io.llmfleet.system.canary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.FleetSettings;
import io.llmfleet.cli.local.LocalFleet;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.cli.local.Service;
import io.llmfleet.cli.local.ServiceProcess;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RetryLadder;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A whole fleet that logs as ECS and exports its spans, with a backend and webhooks that repeat
 * what they are told.
 */
final class CanaryFleet implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Name of the AMQP client user. */
    static final String CLIENT = "canary";

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String LEVELS = "1s,2s";
    private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED");

    private final EchoingBackend backend = new EchoingBackend();
    private final OtlpReceiver otlp = new OtlpReceiver();
    private final HttpServer hooks = echoingHooks();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> headersSeen = new CopyOnWriteArrayList<>();
    private final FleetHome home;
    private final LocalFleet fleet;
    private final Copies copies;
    private final String clientUri;
    private final String base;

    CanaryFleet(Path folder) throws Exception {
        TestBroker broker = TestBroker.shared().newVhost();
        int port = Ports.any();
        base = "http://127.0.0.1:" + port;
        home = new FleetHome(ROOT, folder.resolve("home"));
        home.prepare(line -> {});
        FleetSettings settings = FleetSettings.ofProcess().with(settings(broker, port));
        fleet = new LocalFleet(home, settings, line -> {});
        fleet.up(false);
        clientUri = fleet.createClient(CLIENT);
        BrokerEndpoint endpoint = new BrokerEndpoint(broker.amqpUri(), null);
        copies = new Copies(endpoint, CLIENT, RetryLadder.parse(LEVELS));
    }

    private Map<String, String> settings(TestBroker broker, int port) {
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
        return settings;
    }

    private static HttpServer echoingHooks() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    byte[] answer = ("no " + path).getBytes(UTF_8);
                    exchange.sendResponseHeaders(500, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        return server;
    }

    EchoingBackend backend() {
        return backend;
    }

    OtlpReceiver otlp() {
        return otlp;
    }

    Copies copies() {
        return copies;
    }

    String clientUri() {
        return clientUri;
    }

    /** One that refuses what it gets, and says what was asked. */
    String hook(String path) {
        return "http://127.0.0.1:" + hooks.getAddress().getPort() + "/" + path;
    }

    /** Of every answer so far. */
    List<String> headersSeen() {
        return headersSeen;
    }

    static ObjectNode chat(String text) {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "chat");
        task.putObject("input").put("text", text);
        return task;
    }

    UUID submit(ObjectNode task, Map<String, String> headers) {
        HttpResponse<String> answer = request("POST", "/api/v1/tasks", task.toString(), headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return UUID.fromString(Json.tree(answer.body().getBytes(UTF_8)).path("id").asString());
    }

    JsonNode untilFinal(UUID task) {
        String path = "/api/v1/tasks/" + task;
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                Json.tree(
                                        request("GET", path, null, Map.of())
                                                .body()
                                                .getBytes(UTF_8)),
                        t -> FINAL.contains(t.path("state").asString("")));
    }

    HttpResponse<String> request(
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
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String log(Service service) throws IOException {
        return Files.readString(home.service(service, 1).log());
    }

    String metrics(Service service) throws IOException, InterruptedException {
        ServiceProcess process = home.service(service, 1);
        URI uri = URI.create(process.url() + "/actuator/prometheus");
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }

    @Override
    public void close() throws IOException {
        copies.close();
        fleet.wipe();
        backend.close();
        otlp.close();
        hooks.stop(0);
    }
}
