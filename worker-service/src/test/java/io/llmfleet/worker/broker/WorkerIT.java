package io.llmfleet.worker.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.testing.Scrape;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Control;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.Topology;
import io.llmfleet.wire.TraceParent;
import io.llmfleet.wire.WireBody;
import io.llmfleet.worker.WorkerApplication;
import io.llmfleet.worker.metrics.WorkerMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A whole worker on a real broker, with the instant backend. */
class WorkerIT {

    private static final RetryLadder LADDER = RetryLadder.parse("1s,1h");

    private final List<GetResponse> replies = new ArrayList<>();
    private ConfigurableApplicationContext worker;
    private Connection connection;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        TestBroker broker =
                TestBroker.shared()
                        .newVhost()
                        .apply(Topology.of(Topology.Spec.of(List.of("default"), LADDER)));
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.amqpUri());
        connection = factory.newConnection("worker-it");
        channel = connection.createChannel();
        worker = startWorker(broker, "--fleet.worker.require-heartbeat=false");
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        connection.close();
    }

    @Test
    void answersWhatItCanReadAndKeepsTheRestApart() throws Exception {
        publish(envelope("chat", 1), "{\"input\":{\"text\":\"one\"}}");
        publishRaw(Map.of(), new byte[0]);
        publish(envelope("chat", 1), "{not json");
        publishRaw(Map.of(Headers.VERSION, "1.0", Headers.TASK_ID, "no uuid"), "{}".getBytes());
        publish(envelope("no-such-type", 1), "{\"input\":{}}");
        publish(envelope("chat", 1), "{\"input\":{\"text\":\"two\"}}");

        List<String> outcomes =
                replies(4).stream().map(r -> header(r, Headers.OUTCOME)).sorted().toList();
        assertThat(outcomes).containsExactly("failed", "failed", "succeeded", "succeeded");
        await().until(() -> depth(Queues.DEAD) == 2);
        assertThat(depth(Queues.work("default", Priority.NORMAL))).isZero();
        assertThat(depth(Queues.retry("1s"))).isZero();
    }

    @Test
    void replySaysWhatTheEnvelopeSaidAndWhoDidIt() throws Exception {
        Envelope task = envelope("chat", 2);
        publish(task, "{\"input\":{\"text\":\"hello\"}}");

        GetResponse reply = replies(1).getFirst();

        assertThat(reply.getEnvelope().getRoutingKey()).isEqualTo("chat.succeeded");
        Envelope said = Envelope.fromHeaders(reply.getProps().getHeaders());
        assertThat(said.taskId()).isEqualTo(task.taskId());
        assertThat(said.attempt()).isEqualTo(2);
        assertThat(said.traceParent()).isEqualTo(task.traceParent());
        assertThat(header(reply, Headers.WORKER)).isEqualTo("it");
        assertThat(Json.tree(reply.getBody()).at("/output/choices/0/message/content").asString())
                .isEqualTo("hello");
    }

    @Test
    void largeBodiesComeAndGoCompressed() throws Exception {
        String text = "A queue keeps messages. ".repeat(200);
        byte[] json = "{\"input\":{\"text\":\"%s\"}}".formatted(text).getBytes();
        WireBody body = new BodyEncoder(BodyEncoder.ABOVE).encode(json);
        publishRaw(envelope("chat", 1).toHeaders(), "zstd", body.bytes());

        GetResponse reply = replies(1).getFirst();

        assertThat(reply.getProps().getContentEncoding()).isEqualTo("zstd");
        byte[] result = new WireBody(reply.getBody(), "zstd").decoded();
        assertThat(Json.tree(result).at("/output/choices/0/message/content").asString())
                .isEqualTo(text);
    }

    @Test
    void bodyThatInflatesBeyondAllBoundsFailsItsTaskAlone() throws Exception {
        byte[] bomb = new BodyEncoder(0).encode(new byte[WireBody.LARGEST + 1]).bytes();
        publishRaw(envelope("chat", 1).toHeaders(), "zstd", bomb);
        publish(envelope("chat", 1), "{\"input\":{\"text\":\"next\"}}");

        assertThat(replies(2).stream().map(r -> header(r, Headers.OUTCOME)))
                .containsExactlyInAnyOrder("failed", "succeeded");
    }

    @Test
    void piecesOfTheAnswerAreOnTheDeltaStreamBeforeTheReplySaysHowMany() throws Exception {
        worker.close();
        worker =
                startWorker(
                        lastBroker,
                        "--fleet.worker.require-heartbeat=false",
                        "--fleet.instant.deltas=3",
                        "--fleet.instant.latency=200ms");
        List<Delta> deltas = new CopyOnWriteArrayList<>();
        channel.basicQos(100);
        channel.basicConsume(
                Queues.DELTAS,
                false,
                Map.of("x-stream-offset", "first"),
                (tag, message) -> {
                    deltas.addAll(List.of(Json.read(message.getBody(), Delta[].class)));
                    channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
                },
                tag -> {});

        publish(envelope("chat", 1), "{\"input\":{\"text\":\"one two three\",\"stream\":true}}");

        GetResponse reply = replies(1).getFirst();
        int last = Integer.parseInt(header(reply, Headers.LAST_SEQ));
        assertThat(last).isEqualTo(3);
        await().untilAsserted(
                        () -> assertThat(deltas).extracting(Delta::seq).containsExactly(1, 2, 3));
        assertThat(deltas.stream().map(Delta::text).collect(Collectors.joining()))
                .isEqualTo("one two three");
    }

    @Test
    void redeliveredMessageIsNotRunButReportedAsInterrupted() throws Exception {
        worker.close();
        Envelope task = envelope("chat", 1);
        publish(task, "{\"input\":{\"text\":\"x\"}}");
        Channel other = connection.createChannel();
        await().until(() -> other.basicGet(Queues.work("default", Priority.NORMAL), false) != null);
        other.close();

        worker = startWorker(lastBroker, "--fleet.worker.require-heartbeat=false");

        GetResponse reply = replies(1).getFirst();
        assertThat(header(reply, Headers.OUTCOME)).isEqualTo(RoutingKeys.INTERRUPTED);
        assertThat(Envelope.fromHeaders(reply.getProps().getHeaders()).interruptions())
                .isEqualTo(1);
    }

    @Test
    void secondCopyOfAMessageIsNotRunAndCountsAsNoInterruption() throws Exception {
        Map<String, Object> headers = envelope("chat", 1).toHeaders();
        headers.put(Headers.REPEATED, true);
        publishRaw(headers, "{\"input\":{\"text\":\"x\"}}".getBytes(StandardCharsets.UTF_8));

        GetResponse reply = replies(1).getFirst();

        assertThat(header(reply, Headers.OUTCOME)).isEqualTo(RoutingKeys.INTERRUPTED);
        assertThat(Envelope.fromHeaders(reply.getProps().getHeaders()).interruptions()).isZero();
    }

    @Test
    void deadlineThatPassedInTheQueueIsAFailure() throws Exception {
        Envelope late = envelope("chat", 1, Instant.now().minusSeconds(1));
        publish(late, "{\"input\":{\"text\":\"x\"}}");

        Failure failure = Json.read(replies(1).getFirst().getBody(), Failure.class);

        assertThat(failure.code()).isEqualTo(FailureCode.DEADLINE_EXCEEDED);
    }

    @Test
    void nothingStartsBeforeAHeartbeatAndCancelledTasksNever() throws Exception {
        worker.close();
        worker = startWorker(lastBroker);
        Envelope cancelled = envelope("chat", 1);
        Envelope superseded = envelope("chat", 1);
        Envelope wanted = envelope("chat", 1);
        publish(superseded, "{\"input\":{\"text\":\"w\"}}");
        publish(cancelled, "{\"input\":{\"text\":\"x\"}}");
        publish(wanted, "{\"input\":{\"text\":\"y\"}}");
        control(RoutingKeys.CONTROL_CANCEL, cancelled.taskId());
        control(RoutingKeys.CONTROL_SUPERSEDE, superseded.taskId());
        assertThat(depth(Queues.REPLIES)).isZero();

        // Again and again, since one holds for some seconds only.
        await().until(
                        () -> {
                            control(RoutingKeys.CONTROL_HEARTBEAT, null);
                            return depth(Queues.REPLIES) == 1;
                        });

        assertThat(header(replies(1).getFirst(), Headers.TASK_ID))
                .isEqualTo(wanted.taskId().toString());
        await().until(() -> depth(Queues.work("default", Priority.NORMAL)) == 0);
    }

    @Test
    void stoppingWorkerGivesBackWhatItHasNotFinished() throws Exception {
        worker.close();
        worker =
                startWorker(
                        lastBroker,
                        "--fleet.worker.require-heartbeat=false",
                        "--fleet.instant.latency=10m",
                        "--fleet.worker.slots=1",
                        "--fleet.worker.grace=1s");
        for (int i = 0; i < 3; i++) {
            publish(envelope("chat", 1), "{\"input\":{\"text\":\"x\"}}");
        }
        await().until(() -> depth(Queues.work("default", Priority.NORMAL)) == 1);

        worker.close();

        await().until(() -> depth(Queues.ingress(Priority.NORMAL)) == 2);
        GetResponse back = channel.basicGet(Queues.ingress(Priority.NORMAL), true);
        assertThat(Envelope.fromHeaders(back.getProps().getHeaders()).attempt()).isEqualTo(1);
        assertThat(depth(Queues.REPLIES)).isZero();
    }

    @Test
    void messageOfANewerMajorVersionGoesBackUnchanged() throws Exception {
        Map<String, Object> newer = envelope("chat", 2).toHeaders();
        newer.put(Headers.VERSION, "2.0");
        newer.put("llm-something-new", "kept");
        publishRaw(newer, new byte[] {0, 1, 2});
        Map<String, Object> late = envelope("chat", 2, Instant.now().minusSeconds(1)).toHeaders();
        late.put(Headers.VERSION, "2.0");
        publishRaw(late, new byte[] {3});

        await().until(() -> depth(Queues.ingress(Priority.NORMAL)) == 1);
        GetResponse back = channel.basicGet(Queues.ingress(Priority.NORMAL), true);
        assertThat(back.getBody()).containsExactly(0, 1, 2);
        assertThat(back.getEnvelope().getRoutingKey()).isEqualTo("normal.chat.any");
        assertThat(header(back, Headers.VERSION)).isEqualTo("2.0");
        assertThat(header(back, Headers.ATTEMPT)).isEqualTo("2");
        assertThat(header(back, "llm-something-new")).isEqualTo("kept");
        await().until(() -> depth(Queues.DEAD) == 1);
        assertThat(depth(Queues.REPLIES)).isZero();
    }

    @Test
    void everyMeterIsToldAndEachMessageIsAccountedFor() throws Exception {
        worker.close();
        worker =
                startWorker(
                        lastBroker,
                        "--fleet.worker.require-heartbeat=false",
                        "--fleet.instant.deltas=2");
        publish(envelope("chat", 1), "{\"input\":{\"text\":\"one two\",\"stream\":true}}");
        publish(envelope("no-such-type", 1), "{\"input\":{}}");
        Map<String, Object> repeated = envelope("chat", 1).toHeaders();
        repeated.put(Headers.REPEATED, true);
        publishRaw(repeated, new byte[0]);
        publishRaw(Map.of(), new byte[0]);
        replies(3);
        await().until(() -> depth(Queues.DEAD) == 1);

        await().until(() -> scrape().sum("fleet_worker_processing_seconds_count") == 2);
        Scrape told = scrape();
        assertThat(Stream.concat(WorkerMetrics.ALL.stream(), LinkMetrics.ALL.stream()))
                .filteredOn(m -> !m.name().startsWith("fleet.consumer."))
                .allSatisfy(m -> assertThat(told.help(m.shown())).isEqualTo(m.meaning()));
        String settled = "fleet_worker_settled_total";
        assertThat(
                        told.sum(
                                settled,
                                "type=\"chat\"",
                                "pool=\"default\"",
                                "priority=\"normal\"",
                                "action=\"succeeded\""))
                .isEqualTo(1);
        assertThat(told.sum(settled, "action=\"failed\"")).isEqualTo(1);
        assertThat(told.sum(settled, "action=\"interrupted\"")).isEqualTo(1);
        assertThat(told.sum(settled, "action=\"unreadable\"")).isEqualTo(1);
        assertThat(told.sum("fleet_backend_call_seconds_count", "outcome=\"ok\"")).isEqualTo(1);
        assertThat(told.sum("fleet_backend_breaker", "state=\"closed\"")).isPositive();
        assertThat(told.sum("fleet_worker_slots")).isEqualTo(4);
        await().until(() -> unaccounted(scrape()) == 0);
    }

    private static double unaccounted(Scrape told) {
        return told.sum("fleet_worker_received_total")
                - told.sum("fleet_worker_settled_total")
                - told.sum("fleet_worker_held");
    }

    private Scrape scrape() {
        return Scrape.of(
                "http://127.0.0.1:" + worker.getEnvironment().getProperty("local.server.port"));
    }

    private TestBroker lastBroker;

    private ConfigurableApplicationContext startWorker(TestBroker broker, String... more) {
        lastBroker = broker;
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--spring.rabbitmq.addresses=" + broker.uri(BrokerUser.WORKER),
                                "--fleet.retry.levels=1s,1h",
                                "--fleet.worker.name=it",
                                "--fleet.instant.enabled=true"));
        arguments.addAll(List.of(more));
        return new SpringApplicationBuilder(WorkerApplication.class)
                .run(arguments.toArray(String[]::new));
    }

    private List<GetResponse> replies(int count) {
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> {
                            GetResponse reply = channel.basicGet(Queues.REPLIES, true);
                            if (reply != null) {
                                replies.add(reply);
                            }
                            return replies.size() == count;
                        });
        return replies;
    }

    private static String header(GetResponse message, String name) {
        return message.getProps().getHeaders().get(name).toString();
    }

    private long depth(String queue) throws Exception {
        return channel.queueDeclarePassive(queue).getMessageCount();
    }

    private void control(String key, UUID task) throws Exception {
        byte[] body = Json.bytes(new Control(task, 1, Instant.now()));
        channel.basicPublish(Exchanges.CONTROL, key, null, body);
    }

    private void publish(Envelope envelope, String body) throws Exception {
        publishRaw(envelope.toHeaders(), body.getBytes(StandardCharsets.UTF_8));
    }

    private void publishRaw(Map<String, Object> headers, byte[] body) throws Exception {
        publishRaw(headers, null, body);
    }

    private void publishRaw(Map<String, Object> headers, String encoding, byte[] body)
            throws Exception {
        var properties =
                new AMQP.BasicProperties.Builder()
                        .headers(headers)
                        .contentEncoding(encoding)
                        .deliveryMode(2)
                        .build();
        channel.basicPublish(
                Exchanges.WORK,
                RoutingKeys.work("chat", "default", Priority.NORMAL),
                true,
                properties,
                body);
    }

    private static Envelope envelope(String type, int attempt) {
        return envelope(type, attempt, Instant.now().plusSeconds(600));
    }

    private static Envelope envelope(String type, int attempt, Instant deadline) {
        return new Envelope(
                UUID.randomUUID(),
                type,
                "any",
                Priority.NORMAL,
                "default",
                1,
                attempt,
                5,
                0,
                Instant.now(),
                deadline,
                Duration.ofMinutes(10),
                null,
                "default",
                null,
                "test",
                null,
                List.of(),
                TraceParent.orNew(null));
    }
}
