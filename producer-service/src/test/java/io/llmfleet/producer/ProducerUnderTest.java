package io.llmfleet.producer;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.broker.StreamReader;
import io.llmfleet.metrics.Measure;
import io.llmfleet.model.Priority;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.testing.TestDatabase;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.Topology;
import io.llmfleet.wire.WireBody;
import io.llmfleet.wire.WorkerInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * A whole producer on a real broker and a real database, and what a test needs to play its callers,
 * the router and the workers.
 */
public final class ProducerUnderTest implements AutoCloseable {

    /** An admin of the tenant {@code default}. */
    public static final String ADMIN = "admin-of-the-tests-0123456789";

    public static final String CLIENT = "alice";

    private static final String BASE = "http://127.0.0.1:";
    private static ProducerUnderTest shared;

    private final TestBroker broker;
    private final TestDatabase database;
    private final ConfigurableApplicationContext context;
    private final Connection connection;
    private final Channel channel;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final Map<UUID, Deque<GetResponse>> taken = new HashMap<>();

    private ProducerUnderTest(TestBroker broker, TestDatabase database, String... more) {
        this.broker = broker;
        this.database = database;
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--spring.rabbitmq.addresses=" + broker.uri(BrokerUser.PRODUCER),
                                "--spring.datasource.url=" + database.url(),
                                "--spring.datasource.username=" + database.user(),
                                "--spring.datasource.password=" + database.password(),
                                "--fleet.access.bootstrap-key=" + ADMIN));
        arguments.addAll(List.of(more));
        context =
                new SpringApplicationBuilder(ProducerApplication.class)
                        .run(arguments.toArray(String[]::new));
        base = BASE + context.getBean(Environment.class).getProperty("local.server.port");
        connection = connect(broker.amqpUri());
        channel = channelOf(connection);
        await().until(
                        () ->
                                context.getBeansOfType(StreamReader.class).values().stream()
                                        .allMatch(StreamReader::isOpen));
    }

    private static TestBroker newBroker() {
        return TestBroker.shared()
                .newVhost()
                .apply(
                        Topology.of(
                                new Topology.Spec(
                                        List.of("default"),
                                        RetryLadder.DEFAULT,
                                        List.of(CLIENT),
                                        1000)));
    }

    /**
     * One that all classes share which look at their own tasks only. They leave tasks behind that
     * nobody takes, so its windows are wide.
     */
    public static synchronized ProducerUnderTest shared() {
        if (shared == null) {
            shared =
                    start(
                            "--fleet.dispatch.ahead=0",
                            // Fifty callers at once are not refused for want of a connection.
                            "--spring.datasource.hikari.connection-timeout=60000");
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    public static ProducerUnderTest start(String... more) {
        return new ProducerUnderTest(newBroker(), TestDatabase.create(), more);
    }

    /** Another process of the same fleet. */
    public ProducerUnderTest replica(String... more) {
        return new ProducerUnderTest(broker, database, more);
    }

    @Override
    public void close() {
        context.close();
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return base;
    }

    public Answer get(String path) {
        return request(ADMIN, "GET", path, null, Map.of());
    }

    public Answer post(String path, String json) {
        return request(ADMIN, "POST", path, json.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public Answer request(
            String key, String method, String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(Duration.ofSeconds(90))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        if (key != null) {
            request.setHeader("Authorization", "Bearer " + key);
        }
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        headers.forEach(request::setHeader);
        try {
            return new Answer(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Follows the events of a task; null for {@code lastEventId} follows from the start. */
    public Events follow(UUID task, String lastEventId) {
        return follow(task, lastEventId, "");
    }

    public Events follow(UUID task, String lastEventId, String query) {
        URI uri = URI.create(base + "/api/v1/tasks/" + task + "/events" + query);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).setHeader("Authorization", "Bearer " + ADMIN);
        if (lastEventId != null) {
            request.setHeader("Last-Event-ID", lastEventId);
        }
        return Events.read(http, request.build());
    }

    /** Reads the events at a path. */
    public Events streamOf(String path) {
        return Events.read(
                http,
                HttpRequest.newBuilder(URI.create(base + path))
                        .setHeader("Authorization", "Bearer " + ADMIN)
                        .build());
    }

    /** Posts JSON and reads the events of the answer, once it has begun. */
    public Events stream(String path, String body, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .setHeader("Authorization", "Bearer " + ADMIN)
                        .setHeader("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        return Events.read(http, request.build());
    }

    /** Submits a task and returns its id. */
    public UUID submit(String json) {
        return UUID.fromString(post("/api/v1/tasks", json).json().get("id").asString());
    }

    /** A key of another tenant or role. */
    public String newKey(String tenant, String role) {
        return post(
                        "/api/v1/keys",
                        "{\"name\":\"it\",\"tenant\":\"" + tenant + "\",\"role\":\"" + role + "\"}")
                .json()
                .get("key")
                .asString();
    }

    /**
     * A user's key of a tenant of its own, with limits.
     *
     * @param limits JSON
     */
    public String limitedKey(String tenant, String limits) {
        Answer made =
                post(
                        "/api/v1/keys",
                        "{\"name\":\"it\",\"tenant\":\""
                                + tenant
                                + "\",\"limits\":"
                                + limits
                                + "}");
        return made.json().get("key").asString();
    }

    /** The next message of a task on the ingress, which the router would take. */
    public GetResponse takeTask(UUID task) {
        return await().until(() -> fromIngress(task), Objects::nonNull);
    }

    /** Messages of other tasks are kept for those who ask for them. */
    private GetResponse fromIngress(UUID task) throws IOException {
        String queue = Queues.ingress(Priority.NORMAL);
        for (GetResponse m = channel.basicGet(queue, true);
                m != null;
                m = channel.basicGet(queue, true)) {
            taken.computeIfAbsent(envelope(m).taskId(), id -> new ArrayDeque<>()).add(plain(m));
        }
        return taken.getOrDefault(task, new ArrayDeque<>()).poll();
    }

    /** As if the JSON had not been compressed. */
    private static GetResponse plain(GetResponse m) {
        byte[] json = new WireBody(m.getBody(), m.getProps().getContentEncoding()).decoded();
        return new GetResponse(m.getEnvelope(), m.getProps(), json, m.getMessageCount());
    }

    public static Envelope envelope(GetResponse message) {
        return Envelope.fromHeaders(message.getProps().getHeaders());
    }

    public void publish(String exchange, String key, Map<String, Object> headers, byte[] body) {
        publish(
                exchange,
                key,
                new AMQP.BasicProperties.Builder().headers(headers).deliveryMode(2).build(),
                body);
    }

    public void publish(String exchange, String key, AMQP.BasicProperties properties, byte[] body) {
        try {
            channel.basicPublish(exchange, key, properties, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that a worker with this model is there. */
    /** Until it is heard, since what a worker says counts for some seconds only. */
    public void announceWorker(String model) {
        await().until(
                        () -> {
                            publish(
                                    Exchanges.EVENTS,
                                    RoutingKeys.event(Event.WORKER, "any"),
                                    Map.of(),
                                    Json.bytes(worker(model)));
                            return get("/api/v1/workers").json().size() == 1;
                        });
    }

    private static WorkerInfo worker(String model) {
        return new WorkerInfo(
                "worker-it",
                "default",
                List.of(model),
                List.of("chat"),
                4,
                0,
                List.of(),
                false,
                Instant.now(),
                Instant.now());
    }

    public Channel channel() {
        return channel;
    }

    public TestBroker broker() {
        return broker;
    }

    public long depth(String queue) {
        try {
            return channel.messageCount(queue);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public double count(Measure measure, String... tags) {
        return context
                .getBean(MeterRegistry.class)
                .find(measure.name())
                .tags(tags)
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** A part of the service itself, for what cannot be seen from outside. */
    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    public static Connection connect(String uri) {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(uri);
            return factory.newConnection("it");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Channel channelOf(Connection connection) {
        try {
            return connection.createChannel();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
