package io.llmfleet.router.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.broker.StreamReader;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.metrics.Measure;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.router.RouterApplication;
import io.llmfleet.router.metrics.RouterMetrics;
import io.llmfleet.router.routing.WorkerDirectory;
import io.llmfleet.testing.Scrape;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.Topology;
import io.llmfleet.wire.TraceParent;
import io.llmfleet.wire.WireBody;
import io.llmfleet.wire.WorkerInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A whole router on a real broker, as the user that it is in a fleet. */
class IngressIT {

    private static final String LEVELS = "1s,1h";
    private static final String BODY = "{\"input\":{\"text\":\"hello\"}}";
    private static final String WORK = Queues.work("default", Priority.NORMAL);
    private static final String RETRY = Queues.retry("1s");

    private TestBroker broker;
    private ConfigurableApplicationContext router;
    private MeterRegistry meters;
    private Connection connection;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker =
                TestBroker.shared()
                        .newVhost()
                        .apply(
                                Topology.of(
                                        Topology.Spec.of(
                                                List.of("default", "idle"),
                                                RetryLadder.parse(LEVELS))));
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.amqpUri());
        connection = factory.newConnection("ingress-it");
        channel = connection.createChannel();
        startRouter();
    }

    private void startRouter() {
        router =
                new SpringApplicationBuilder(RouterApplication.class)
                        .run(
                                "--server.port=0",
                                "--spring.rabbitmq.addresses=" + broker.uri(BrokerUser.ROUTER),
                                "--fleet.retry.levels=" + LEVELS,
                                "--fleet.routing.pools=default,idle",
                                "--fleet.routing.warm-up=0s",
                                "--fleet.routing.silence=10m");
        meters = router.getBean(MeterRegistry.class);
        await().until(() -> router.getBean(StreamReader.class).isOpen());
    }

    @AfterEach
    void stop() throws Exception {
        router.close();
        connection.close();
    }

    @Test
    void routesWhatItCanReadAndKeepsTheRestApart() throws Exception {
        announce("default");
        publish(envelope("any").build());
        publishRaw(Map.of(), new byte[0]);
        publishRaw(Map.of(Headers.VERSION, "1.0", Headers.TASK_ID, "no uuid"), "{}".getBytes());
        publishRaw(Map.of(Headers.VERSION, "none"), "\u0000".getBytes());
        publish(envelope("any").interruptions(3).build());
        publish(envelope("default").build());

        await().until(() -> depth(Queues.DEAD) == 3 && depth(WORK) == 2);
        await().until(() -> depth(Queues.quarantine("default")) == 1);
        await().until(() -> decisions("pool") == 2 && decisions("quarantine") == 1);
        assertThat(decisions("unreadable")).isEqualTo(3);
        assertThat(decisions("not_taken")).isZero();
        assertThat(depth(Queues.ingress(Priority.NORMAL))).isZero();
        assertThat(depth(RETRY)).isZero();
        assertThat(depth(Queues.REPLIES)).isZero();
    }

    @Test
    void routedMessageSaysWhereAndWhyAndKeepsItsBody() throws Exception {
        announce("default");
        Envelope task = envelope("any").attempt(2).build();
        publish(task);

        GetResponse routed = take(WORK);

        Envelope said = Envelope.fromHeaders(routed.getProps().getHeaders());
        assertThat(said).isEqualTo(task.routed("default", null, "any pool that does chat"));
        assertThat(new String(routed.getBody(), StandardCharsets.UTF_8)).isEqualTo(BODY);
        assertThat(routed.getEnvelope().getRoutingKey()).isEqualTo("chat.default.normal");
        assertThat(routed.getProps().getMessageId()).isEqualTo(task.messageId());
        assertThat(routed.getProps().getDeliveryMode()).isEqualTo(2);
    }

    @Test
    void compressedBodyPassesUnopenedAndIsAsLargeAsItsJsonToTheRules() throws Exception {
        announce("default");
        byte[] json = "{\"input\":{\"text\":\"%s\"}}".formatted("word ".repeat(1_000)).getBytes();
        WireBody body = new BodyEncoder(BodyEncoder.ABOVE).encode(json);
        publish(envelope("any").build(), body);

        GetResponse routed = take(WORK);

        assertThat(routed.getProps().getContentEncoding()).isEqualTo("zstd");
        assertThat(routed.getBody()).isEqualTo(body.bytes());
        assertThat(body.size()).isEqualTo(json.length);
    }

    @Test
    void messageThatComesASecondTimeSaysSoToTheWorker() throws Exception {
        router.close();
        publish(envelope("default").build());
        try (Channel other = connection.createChannel()) {
            await().until(() -> other.basicGet(Queues.ingress(Priority.NORMAL), false) != null);
        }
        startRouter();
        announce("default");

        assertThat(take(WORK).getProps().getHeaders()).containsKey(Headers.REPEATED);
        publish(envelope("default").build());
        assertThat(take(WORK).getProps().getHeaders()).doesNotContainKey(Headers.REPEATED);
    }

    @Test
    void nothingForeignTravelsOn() throws Exception {
        announce("default");
        Map<String, Object> headers = envelope("any").build().toHeaders();
        headers.put("x-death", List.of(Map.of("queue", "forged", "count", 9L)));
        headers.put("CC", List.of(RoutingKeys.work("chat", "idle", Priority.NORMAL)));
        headers.put("BCC", List.of(RoutingKeys.work("chat", "idle", Priority.HIGH)));
        headers.put("someone-elses", "x");
        channel.basicPublish(
                Exchanges.INGRESS,
                "normal.chat.any",
                new AMQP.BasicProperties.Builder()
                        .headers(headers)
                        .priority(9)
                        .expiration("3600000")
                        .build(),
                BODY.getBytes());

        GetResponse routed = take(WORK);

        assertThat(routed.getProps().getExpiration()).isNull();
        assertThat(routed.getProps().getPriority()).isNull();
        assertThat(routed.getProps().getHeaders().keySet())
                .doesNotContain("x-death", "CC", "BCC", "someone-elses");
        assertThat(depth(Queues.work("idle", Priority.NORMAL))).isZero();
        assertThat(depth(Queues.work("idle", Priority.HIGH))).isZero();
    }

    @Test
    void taskForAnUnboundQueueWalksTheLadderWithItsAttemptUnchanged() throws Exception {
        announce("default");
        String binding = RoutingKeys.work("*", "default", Priority.NORMAL);
        channel.queueUnbind(WORK, Exchanges.WORK, binding);
        Envelope task = envelope("any").attempt(3).build();
        publish(task);
        await().until(() -> decisions("not_taken") >= 2);
        assertThat(depth(WORK)).isZero();

        channel.queueBind(WORK, Exchanges.WORK, binding);

        Envelope routed = Envelope.fromHeaders(take(WORK).getProps().getHeaders());
        assertThat(routed.taskId()).isEqualTo(task.taskId());
        assertThat(routed.attempt()).isEqualTo(3);
        assertThat(routed.failures()).isEmpty();
        await().until(() -> depth(RETRY) == 0 && depth(Queues.ingress(Priority.NORMAL)) == 0);
        assertThat(depth(Queues.DEAD)).isZero();
        assertThat(depth(Queues.REPLIES)).isZero();
    }

    @Test
    void oneUnboundQueueHoldsUpNoOther() throws Exception {
        announce("default");
        announce("idle");
        channel.queueUnbind(
                WORK, Exchanges.WORK, RoutingKeys.work("*", "default", Priority.NORMAL));
        for (int i = 0; i < 20; i++) {
            publish(envelope("default").build());
            publish(envelope("idle").build());
        }

        await().until(() -> depth(Queues.work("idle", Priority.NORMAL)) == 20);
        await().until(() -> decisions("not_taken") >= 20);
    }

    @Test
    void neighboursOfAMessageThatCannotGoAnywhereAreRoutedOnce() throws Exception {
        announce("default");
        channel.queueUnbind(RETRY, Exchanges.retry("1s"), "#");
        for (int i = 0; i < 200; i++) {
            publish(envelope(i == 100 ? "idle" : "default").build());
        }
        await().until(() -> count(LinkMetrics.PUBLISH_SETTLED, "outcome", "returned") >= 3);

        channel.queueBind(RETRY, Exchanges.retry("1s"), "#");

        await().until(() -> depth(WORK) >= 199 && depth(RETRY) == 1);
        assertThat(depth(WORK)).isEqualTo(199);
        await().until(() -> decisions("wait") >= 1);
        assertThat(decisions("pool")).isEqualTo(199);
    }

    @Test
    void unknownTargetIsRefusedAtOnce() throws Exception {
        announce("default");
        Envelope task = envelope("gpt-17").build();
        publish(task);

        GetResponse reply = take(Queues.REPLIES);

        assertThat(reply.getEnvelope().getRoutingKey()).isEqualTo("chat.failed");
        assertThat(reply.getProps().getHeaders().get(Headers.OUTCOME).toString())
                .isEqualTo(RoutingKeys.FAILED);
        assertThat(Envelope.fromHeaders(reply.getProps().getHeaders()).taskId())
                .isEqualTo(task.taskId());
        Failure failure = Json.read(reply.getBody(), Failure.class);
        assertThat(failure.code()).isEqualTo(FailureCode.UNKNOWN_TARGET);
        assertThat(failure.message()).contains("gpt-17", "default", "model-of-default");
        assertThat(depth(RETRY)).isZero();
        await().until(() -> decisions("refuse") == 1);
    }

    @Test
    void configuredPoolWithoutLiveWorkerWaitsForOne() throws Exception {
        announce("default");
        publish(envelope("idle").build());
        await().until(() -> decisions("wait") >= 2);
        assertThat(depth(Queues.work("idle", Priority.NORMAL))).isZero();

        announce("idle");

        Envelope routed =
                Envelope.fromHeaders(
                        take(Queues.work("idle", Priority.NORMAL)).getProps().getHeaders());
        assertThat(routed.attempt()).isEqualTo(1);
        assertThat(routed.waitingSince()).isNull();
        assertThat(depth(Queues.REPLIES)).isZero();
    }

    @Test
    void messageOfANewerMajorVersionWaitsUnchangedUntilItsDeadline() throws Exception {
        announce("default");
        Instant deadline = Instant.now().plusSeconds(12);
        Map<String, Object> newer =
                envelope("any").attempt(2).deadline(deadline).build().toHeaders();
        newer.put(Headers.VERSION, "2.3");
        newer.put("llm-something-new", "kept");
        publishRaw(newer, new byte[] {0, 1, 2});
        await().until(() -> decisions("newer") >= 2);

        GetResponse dead = take(Queues.DEAD);

        assertThat(Instant.now()).isAfterOrEqualTo(deadline);
        assertThat(dead.getBody()).containsExactly(0, 1, 2);
        assertThat(header(dead, Headers.VERSION)).isEqualTo("2.3");
        assertThat(header(dead, "llm-something-new")).isEqualTo("kept");
        assertThat(header(dead, Headers.ATTEMPT)).isEqualTo("2");
        assertThat(dead.getEnvelope().getRoutingKey()).isEqualTo("normal.chat.any");
        assertThat(decisions("unreadable")).isEqualTo(1);
        assertThat(depth(RETRY)).isZero();
        assertThat(depth(WORK)).isZero();
    }

    @Test
    void newerMessageThatDoesNotSayHowLongItMayWaitIsADeadLetter() throws Exception {
        Map<String, Object> newer = envelope("any").build().toHeaders();
        newer.put(Headers.VERSION, "2.0");
        newer.remove(Headers.DEADLINE);
        publishRaw(newer, BODY.getBytes());

        assertThat(header(take(Queues.DEAD), Headers.VERSION)).isEqualTo("2.0");
        assertThat(depth(RETRY)).isZero();
    }

    @Test
    void everyMeterIsToldAndEachMessageIsAccountedFor() throws Exception {
        announce("default");
        publish(envelope("any").build());
        publish(envelope("any").interruptions(3).build());
        publish(envelope("gpt-17").build());
        publish(envelope("idle").build());
        publishRaw(Map.of(), new byte[0]);
        await().until(() -> count(RouterMetrics.DECISIONS) >= 5);

        Scrape told = scrape();

        assertThat(Stream.concat(RouterMetrics.ALL.stream(), LinkMetrics.ALL.stream()))
                .allSatisfy(m -> assertThat(told.help(m.shown())).isEqualTo(m.meaning()));
        assertThat(
                        told.sum(
                                "fleet_router_decisions_total",
                                "decision=\"pool\"",
                                "type=\"chat\"",
                                "pool=\"default\"",
                                "priority=\"normal\""))
                .isEqualTo(1);
        assertThat(told.sum("fleet_router_refused_total", "code=\"UNKNOWN_TARGET\"")).isEqualTo(1);
        assertThat(told.sum("fleet_router_slots", "pool=\"default\"")).isEqualTo(4);
        assertThat(told.sum("fleet_router_workers", "pool=\"idle\"")).isZero();
        await().until(() -> unaccounted(scrape()) == 0);
    }

    private static double unaccounted(Scrape told) {
        return told.sum("fleet_consumer_received_total")
                - told.sum("fleet_router_decisions_total")
                - told.sum("fleet_consumer_settled_total", "outcome=\"abandoned\"")
                - told.sum("fleet_consumer_held");
    }

    private Scrape scrape() {
        return Scrape.of(
                "http://127.0.0.1:" + router.getEnvironment().getProperty("local.server.port"));
    }

    private double decisions(String decision) {
        return count(RouterMetrics.DECISIONS, "decision", decision);
    }

    private double count(Measure measure, String... tags) {
        return meters.find(measure.name()).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private long depth(String queue) throws Exception {
        return channel.queueDeclarePassive(queue).getMessageCount();
    }

    private static String header(GetResponse message, String name) {
        return message.getProps().getHeaders().get(name).toString();
    }

    private GetResponse take(String queue) {
        List<GetResponse> taken = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> {
                            GetResponse message = channel.basicGet(queue, true);
                            if (message != null) {
                                taken.add(message);
                            }
                            return !taken.isEmpty();
                        });
        return taken.getFirst();
    }

    private void announce(String pool) throws Exception {
        WorkerInfo worker =
                new WorkerInfo(
                        "worker-of-" + pool,
                        pool,
                        List.of("model-of-" + pool),
                        List.of("chat"),
                        4,
                        0,
                        List.of(),
                        false,
                        Instant.now(),
                        Instant.now());
        channel.basicPublish(
                Exchanges.EVENTS, RoutingKeys.event(Event.WORKER, "any"), null, Json.bytes(worker));
        WorkerDirectory workers = router.getBean(WorkerDirectory.class);
        await().until(() -> workers.known().live().stream().anyMatch(w -> w.pool().equals(pool)));
    }

    private void publish(Envelope envelope) throws Exception {
        publishRaw(
                envelope.toHeaders(),
                BODY.getBytes(StandardCharsets.UTF_8),
                RoutingKeys.ingress(envelope.priority(), envelope.type(), envelope.target()));
    }

    private void publish(Envelope envelope, WireBody body) throws Exception {
        channel.basicPublish(
                Exchanges.INGRESS,
                RoutingKeys.ingress(envelope.priority(), envelope.type(), envelope.target()),
                new AMQP.BasicProperties.Builder()
                        .headers(envelope.toHeaders())
                        .contentEncoding(body.encoding())
                        .build(),
                body.bytes());
    }

    private void publishRaw(Map<String, Object> headers, byte[] body) throws Exception {
        publishRaw(headers, body, "normal.chat.any");
    }

    private void publishRaw(Map<String, Object> headers, byte[] body, String key) throws Exception {
        channel.basicPublish(
                Exchanges.INGRESS,
                key,
                true,
                new AMQP.BasicProperties.Builder().headers(headers).deliveryMode(2).build(),
                body);
    }

    private static Task envelope(String target) {
        return new Task(target);
    }

    private static final class Task {

        private final String target;
        private int attempt = 1;
        private int interruptions;
        private Instant deadline = Instant.now().plusSeconds(600);

        Task(String target) {
            this.target = target;
        }

        Task attempt(int number) {
            attempt = number;
            return this;
        }

        Task interruptions(int count) {
            interruptions = count;
            return this;
        }

        Task deadline(Instant time) {
            deadline = time;
            return this;
        }

        Envelope build() {
            return new Envelope(
                    UUID.randomUUID(),
                    "chat",
                    target,
                    Priority.NORMAL,
                    "default",
                    1,
                    attempt,
                    5,
                    interruptions,
                    Instant.ofEpochMilli(System.currentTimeMillis()),
                    Instant.ofEpochMilli(deadline.toEpochMilli()),
                    Duration.ofMinutes(10),
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    TraceParent.orNew(null));
        }
    }
}
