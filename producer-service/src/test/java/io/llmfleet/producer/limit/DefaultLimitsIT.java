package io.llmfleet.producer.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.testing.Midnight;
import io.llmfleet.wire.Exchanges;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Limits of the fleet hold for every key that has none of its own, and for each AMQP client. */
class DefaultLimitsIT {

    private static final String CLIENT = ProducerUnderTest.CLIENT;
    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"x\"}}";

    private static ProducerUnderTest producer;
    private static Connection connection;
    private static Channel channel;

    @BeforeAll
    static void start() throws IOException {
        producer =
                ProducerUnderTest.start(
                        "--fleet.limits.queued-tasks=2",
                        "--fleet.limits.tokens-per-day=24",
                        "--fleet.limits.body-size=1KB");
        connection = ProducerUnderTest.connect(producer.broker().uri(CLIENT));
        channel = connection.createChannel();
    }

    @BeforeEach
    void keepAwayFromMidnight() {
        Midnight.keepAway();
    }

    @AfterAll
    static void stop() throws IOException {
        connection.close();
        producer.close();
    }

    @Test
    void aKeyWithoutLimitsOfItsOwnHasTheDefaultsAndAnotherHasItsOwn() {
        String user = producer.newKey("by-default", "user");
        String own = producer.limitedKey("own", "{\"queuedTasks\":3}");

        assertThat(statuses(user, 4)).containsExactly(202, 202, 429, 429);
        assertThat(statuses(own, 4)).containsExactly(202, 202, 202, 429);
        JsonNode limits = send(own, "GET", "/api/v1/limits", null).json();
        assertThat(limits.at("/queuedTasks/limit").asInt()).isEqualTo(3);
        assertThat(limits.at("/bodySize/limit").asInt()).isEqualTo(1024);
    }

    @Test
    void whatAClientSendsBeyondItsLimitsIsKeptWithTheReasonAndHoldsUpNothing() throws IOException {
        String alice = producer.newKey(CLIENT, "user");
        publish("{\"text\":\"" + "x".repeat(2000) + "\"}");
        for (int i = 0; i < 4; i++) {
            publish("{\"text\":\"" + i + "\"}");
        }

        await().untilAsserted(() -> assertThat(reasons(alice)).hasSize(3));

        assertThat(reasons(alice))
                .anyMatch(r -> r.contains("has 2011 bytes; accepted: up to 1024 bytes"))
                .anyMatch(r -> r.contains("2 tasks are unfinished, accepted: up to 2"));
        List<UUID> tasks = await().until(() -> tasks(alice), t -> t.size() == 2);
        Worker worker = new Worker(producer);
        tasks.forEach(task -> worker.succeed(worker.take(task), "x"));
        await().untilAsserted(() -> assertThat(tasks(alice, "SUCCEEDED")).hasSize(2));
        publish("{\"text\":\"again\"}");
        UUID third = await().until(() -> tasks(alice), t -> t.size() == 3).getFirst();
        worker.succeed(worker.take(third), "x");
        await().untilAsserted(() -> assertThat(tasks(alice, "SUCCEEDED")).hasSize(3));

        publish("{\"text\":\"too much\"}");

        await().untilAsserted(
                        () ->
                                assertThat(reasons(alice))
                                        .anyMatch(r -> r.contains("budget of 24 tokens per day")));
        // The tenant's key has a budget of its own.
        assertThat(statuses(alice, 1)).containsExactly(202);
    }

    private static void publish(String body) throws IOException {
        channel.basicPublish(
                Exchanges.SUBMIT_PREFIX + CLIENT,
                "chat.any",
                new AMQP.BasicProperties.Builder().messageId(UUID.randomUUID().toString()).build(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Integer> statuses(String key, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> send(key, "POST", "/api/v1/tasks", TASK).status())
                .toList();
    }

    private static List<String> reasons(String key) {
        return send(key, "GET", "/api/v1/dead-letters", null)
                .json()
                .path("items")
                .findValuesAsString("message");
    }

    private static List<UUID> tasks(String key, String state) {
        return ids(send(key, "GET", "/api/v1/tasks?state=" + state, null));
    }

    private static List<UUID> tasks(String key) {
        return ids(send(key, "GET", "/api/v1/tasks", null));
    }

    private static List<UUID> ids(Answer page) {
        return page.json()
                .path("items")
                .valueStream()
                .map(t -> UUID.fromString(t.path("id").asString()))
                .toList();
    }

    private static Answer send(String key, String method, String path, String json) {
        byte[] body = json == null ? null : json.getBytes(StandardCharsets.UTF_8);
        return producer.request(key, method, path, body, Map.of());
    }
}
