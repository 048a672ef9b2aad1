package io.llmfleet.router.broker;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.broker.StreamReader;
import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.router.RouterApplication;
import io.llmfleet.router.routing.WorkerDirectory;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.RouteQuestion;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.Topology;
import io.llmfleet.wire.TraceParent;
import io.llmfleet.wire.WorkerInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A whole router on a real broker, and what a test needs to play producers and workers. */
final class RouterUnderTest implements AutoCloseable {

    private static final String LEVELS = "1s,1h";

    private final TestBroker broker;
    private final Connection connection;
    private final Channel channel;
    private final BlockingQueue<RouteExplanation> explained = new LinkedBlockingQueue<>();
    private ConfigurableApplicationContext context;

    /**
     * @param pools whose queues there are
     * @param more arguments of the router
     */
    RouterUnderTest(List<String> pools, String... more) throws Exception {
        broker =
                TestBroker.shared()
                        .newVhost()
                        .apply(Topology.of(Topology.Spec.of(pools, RetryLadder.parse(LEVELS))));
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.amqpUri());
        connection = factory.newConnection("router-it");
        channel = connection.createChannel();
        start(pools, more);
        hearExplanations();
    }

    void start(List<String> pools, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--spring.rabbitmq.addresses=" + broker.uri(BrokerUser.ROUTER),
                                "--fleet.retry.levels=" + LEVELS,
                                "--fleet.routing.pools=" + String.join(",", pools),
                                "--fleet.routing.warm-up=0s",
                                "--fleet.routing.silence=10m",
                                "--fleet.routing.file-check=50ms"));
        arguments.addAll(Arrays.asList(more));
        context =
                new SpringApplicationBuilder(RouterApplication.class)
                        .run(arguments.toArray(String[]::new));
        await().until(() -> context.getBean(StreamReader.class).isOpen());
    }

    void stop() {
        context.close();
    }

    @Override
    public void close() throws Exception {
        context.close();
        connection.close();
    }

    void announce(String pool, String... models) throws IOException {
        WorkerInfo worker =
                new WorkerInfo(
                        "worker-of-" + pool,
                        pool,
                        List.of(models),
                        List.of("chat"),
                        4,
                        0,
                        List.of(),
                        false,
                        Instant.now(),
                        Instant.now());
        event(Event.WORKER, "any", worker);
        WorkerDirectory workers = context.getBean(WorkerDirectory.class);
        await().until(
                        () ->
                                workers.known().in(pool).stream()
                                        .anyMatch(w -> w.models().containsAll(worker.models())));
    }

    Envelope task(FailureCode... failed) {
        return new Envelope(
                UUID.randomUUID(),
                "chat",
                "any",
                Priority.NORMAL,
                "default",
                1,
                failed.length + 1,
                5,
                0,
                Instant.ofEpochMilli(System.currentTimeMillis()),
                Instant.ofEpochMilli(System.currentTimeMillis() + 600_000),
                Duration.ofMinutes(10),
                null,
                null,
                null,
                null,
                null,
                Arrays.stream(failed)
                        .map(c -> new AttemptFailure(1, c, "x", null, Instant.EPOCH, "w", null))
                        .toList(),
                TraceParent.orNew(null));
    }

    void publish(Envelope task, String text) throws IOException {
        channel.basicPublish(
                Exchanges.INGRESS,
                RoutingKeys.ingress(task.priority(), task.type(), task.target()),
                true,
                new AMQP.BasicProperties.Builder()
                        .headers(task.toHeaders())
                        .deliveryMode(2)
                        .build(),
                Json.bytes(Map.of("input", Map.of("text", text))));
    }

    /** The next task that was routed to a pool. */
    Envelope routed(String pool) {
        GetResponse message =
                await().atMost(Duration.ofSeconds(20))
                        .until(
                                () -> channel.basicGet(Queues.work(pool, Priority.NORMAL), true),
                                Objects::nonNull);
        return Envelope.fromHeaders(message.getProps().getHeaders());
    }

    long depth(String pool) {
        try {
            return channel.messageCount(Queues.work(pool, Priority.NORMAL));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void event(String kind, String type, Object body) throws IOException {
        channel.basicPublish(
                Exchanges.EVENTS, RoutingKeys.event(kind, type), null, Json.bytes(body));
    }

    RouteExplanation explain() throws Exception {
        RouteQuestion question =
                new RouteQuestion(
                        UUID.randomUUID(), "chat", "any", "default", Priority.NORMAL, 100, null);
        event(Event.EXPLAIN, "chat", question);
        RouteExplanation answer = explained.poll(20, TimeUnit.SECONDS);
        while (answer != null && !answer.id().equals(question.id())) {
            answer = explained.poll(20, TimeUnit.SECONDS);
        }
        return Objects.requireNonNull(answer);
    }

    double count(String meter, String... tags) {
        return context.getBean(MeterRegistry.class).find(meter).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private void hearExplanations() throws IOException {
        Channel events = connection.createChannel();
        events.basicQos(100);
        events.basicConsume(
                Queues.EVENTS,
                false,
                Map.of("x-stream-offset", "first"),
                (tag, message) -> {
                    String key = message.getEnvelope().getRoutingKey();
                    if (key.startsWith(Event.EXPLAINED + ".")) {
                        explained.add(Json.read(message.getBody(), RouteExplanation.class));
                    }
                    events.basicAck(message.getEnvelope().getDeliveryTag(), false);
                },
                tag -> {});
    }
}
