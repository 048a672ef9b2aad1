package io.llmfleet.producer.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import io.llmfleet.metrics.Measure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.producer.metrics.ProducerMetrics;
import io.llmfleet.wire.Control;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RoutingKeys;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of messages on the reply queue, counted. */
class ReplyIT {

    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"x\"}}";

    private static final List<String> OUTCOMES =
            List.of("effective", "without_effect", "interrupted", "unreadable");

    private static ProducerUnderTest producer;
    private static Worker worker;

    private final Map<String, Double> before = new HashMap<>();

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.start();
        worker = new Worker(producer);
    }

    @AfterAll
    static void stop() {
        producer.close();
    }

    @BeforeEach
    void remember() {
        for (String outcome : OUTCOMES) {
            before.put(outcome, producer.count(ProducerMetrics.REPLIES, "outcome", outcome));
        }
        for (Measure measure : List.of(ProducerMetrics.TASKS_FINAL, ProducerMetrics.DEAD_LETTERS)) {
            before.put(measure.name(), producer.count(measure));
        }
    }

    @Test
    void storesWhatItCanReadAndKeepsTheRestApart() {
        UUID first = producer.submit(TASK);
        UUID second = producer.submit(TASK);
        UUID third = producer.submit(TASK);
        Envelope good = worker.take(first);
        Envelope broken = worker.take(second);
        Envelope failed = worker.take(third);

        worker.succeed(good, "one");
        producer.publish(Exchanges.REPLIES, "chat.succeeded", Map.of(), new byte[0]);
        worker.reply(broken, RoutingKeys.SUCCEEDED, "{\"output\": {\"te".getBytes());
        worker.reply(broken, "no-such-outcome", "{}".getBytes());
        worker.succeed(good, "again");
        worker.fail(failed, FailureCode.BACKEND_REFUSED);

        await().until(() -> state(third).equals("FAILED"));
        await().until(() -> state(second).equals("FAILED"));
        assertThat(state(first)).isEqualTo("SUCCEEDED");
        assertThat(task(first).at("/result/output/text").asString()).isEqualTo("one");
        assertThat(task(second).at("/failure/code").asString()).isEqualTo("UNREADABLE");
        await().until(() -> producer.depth(Queues.REPLIES) + producer.depth(Queues.DEAD) == 0);
        assertThat(replies("unreadable")).isEqualTo(3);
        assertThat(replies("without_effect")).isEqualTo(1);
        assertThat(replies("effective")).isEqualTo(2);
        // the second task was ended by the dead letter of its reply
        assertThat(counted(ProducerMetrics.TASKS_FINAL)).isEqualTo(3);
        // the two tasks that failed, and the three messages that could not be read
        await().until(() -> counted(ProducerMetrics.DEAD_LETTERS) == 5);
    }

    @Test
    void oneReplyThatTheStoreCannotTakeHoldsUpNoOther() {
        UUID bad = producer.submit(TASK);
        UUID late = producer.submit(TASK);
        UUID good = producer.submit(TASK);
        Envelope badTask = worker.take(bad);
        Envelope lateTask = worker.take(late);
        Envelope goodTask = worker.take(good);

        worker.succeed(badTask.routed("def\0ault", "mo\0del", "\0"), "one");
        Map<String, Object> headers = Worker.headers(lateTask, RoutingKeys.SUCCEEDED);
        headers.put(Headers.STARTED_AT, Long.MAX_VALUE);
        headers.put(Headers.TENANT, "de\0fault");
        worker.publish(lateTask, headers, RoutingKeys.SUCCEEDED, Worker.succeeded("two"));
        worker.succeed(goodTask, "three");

        await().until(() -> state(good).equals("SUCCEEDED"));
        await().until(() -> !state(bad).equals("ACCEPTED") && !state(bad).equals("QUEUED"));
        await().until(() -> state(late).equals("FAILED"));
        await().until(() -> producer.depth(Queues.REPLIES) + producer.depth(Queues.DEAD) == 0);
    }

    @Test
    void resultFromBeforeAReplayIsFencedOff() {
        UUID id = producer.submit(TASK);
        Envelope first = worker.take(id);
        worker.fail(first, FailureCode.BACKEND_REFUSED);
        await().until(() -> state(id).equals("FAILED"));
        JsonNode letter = producer.get("/api/v1/dead-letters?limit=1").json().at("/items/0");
        producer.post("/api/v1/dead-letters/" + letter.get("id").asString() + "/replay", "");
        Envelope second = worker.take(id);

        worker.succeed(first, "late");
        await().until(() -> replies("without_effect") == 1);
        assertThat(state(id)).isNotEqualTo("SUCCEEDED");
        worker.succeed(second, "wanted");

        await().until(() -> state(id).equals("SUCCEEDED"));
        assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
        assertThat(task(id).at("/result/output/text").asString()).isEqualTo("wanted");
    }

    @Test
    void interruptedTaskThatNobodyRunsIsDispatchedAnew() throws Exception {
        UUID id = producer.submit(TASK);
        Envelope first = worker.take(id);

        Map<String, Object> headers = Worker.headers(first, RoutingKeys.INTERRUPTED);
        headers.put(Headers.INTERRUPTIONS, 1);
        worker.publish(first, headers, RoutingKeys.INTERRUPTED, new byte[0]);

        Envelope second = worker.take(id);
        assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
        assertThat(second.attempt()).isEqualTo(first.attempt());
        assertThat(second.interruptions()).isEqualTo(1);
        await().until(() -> replies("interrupted") == 1);
        assertThat(workersAreTold(id))
                .as("who runs it? then: leave copies of the first epoch alone")
                .startsWith(RoutingKeys.CONTROL_WHO_RUNS + " 1")
                .endsWith(RoutingKeys.CONTROL_SUPERSEDE + " 1");
        worker.succeed(second, "done");
        await().until(() -> state(id).equals("SUCCEEDED"));
    }

    /** What the control stream says of a task, each with its epoch. */
    private static List<String> workersAreTold(UUID task) throws IOException, TimeoutException {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Channel channel = producer.channel().getConnection().createChannel()) {
            channel.basicQos(100);
            channel.basicConsume(
                    Queues.CONTROL,
                    false,
                    Map.of("x-stream-offset", "first"),
                    (tag, message) -> {
                        Control control = Json.read(message.getBody(), Control.class);
                        if (task.equals(control.taskId())) {
                            told.add(message.getEnvelope().getRoutingKey() + " " + control.epoch());
                        }
                        channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
                    },
                    tag -> {});
            await().until(() -> told.contains(RoutingKeys.CONTROL_SUPERSEDE + " 1"));
        }
        return told;
    }

    @Test
    void replyOfANewerMajorVersionIsKeptWithItsBody() {
        UUID id = producer.submit(TASK);
        Envelope task = worker.take(id);
        Map<String, Object> newer = Worker.headers(task, RoutingKeys.SUCCEEDED);
        newer.put(Headers.VERSION, "2.0");

        worker.publish(task, newer, RoutingKeys.SUCCEEDED, Json.bytes(Map.of("text", "new")));

        await().until(() -> replies("unreadable") == 1);
        await().until(() -> counted(ProducerMetrics.DEAD_LETTERS) == 2);
        await().until(() -> state(id).equals("FAILED"));
    }

    private double replies(String outcome) {
        return producer.count(ProducerMetrics.REPLIES, "outcome", outcome) - before.get(outcome);
    }

    private double counted(Measure measure) {
        return producer.count(measure) - before.get(measure.name());
    }

    private JsonNode task(UUID id) {
        return producer.get("/api/v1/tasks/" + id).json();
    }

    private String state(UUID id) {
        return task(id).get("state").asString();
    }
}
