package io.llmfleet.producer.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Usage;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.testing.Midnight;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.RoutingKeys;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The ledger counts what effective results used, once, and what attempts before them used. */
class UsageIT {

    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"x\"}}";

    private static ProducerUnderTest producer;
    private static Worker worker;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.start();
        worker = new Worker(producer);
    }

    @BeforeEach
    void keepAwayFromMidnight() {
        Midnight.keepAway();
    }

    @AfterAll
    static void stop() {
        producer.close();
    }

    @Test
    void everyAttemptIsCountedOnceWhateverIsDeliveredTwice() {
        try (ProducerUnderTest other = producer.replica()) {
            Envelope twice = worker.take(producer.submit(TASK));
            worker.succeed(twice, "x");
            worker.succeed(twice, "x");
            Envelope retried = worker.take(producer.submit(TASK)).nextAttempt(useless());
            worker.succeed(retried, "x");
            Envelope failed = worker.take(producer.submit(TASK));
            worker.fail(failed, FailureCode.BACKEND_REFUSED);
            await().until(() -> state(failed.taskId()).equals("FAILED"));
            await().until(() -> state(retried.taskId()).equals("SUCCEEDED"));
            await().until(() -> producer.depth("llm.replies.q") == 0);

            JsonNode usage = other.get("/api/v1/usage?group=model").json();

            assertThat(usage.path("tenant").asString()).isEqualTo("default");
            assertThat(usage.path("items")).hasSize(2);
            JsonNode done = usage.at("/items/0");
            assertThat(done.path("model").asString()).isEqualTo(Worker.MODEL);
            assertThat(done.path("tasks").asInt()).isEqualTo(2);
            assertThat(done.path("inputTokens").asInt()).isEqualTo(6);
            assertThat(done.path("outputTokens").asInt()).isEqualTo(10);
            assertThat(done.path("cost").decimalValue()).isEqualByComparingTo("0.5");
            JsonNode useless = usage.at("/items/1");
            assertThat(useless.path("model").asString()).isEqualTo("other-model");
            assertThat(useless.path("tasks").asInt()).isZero();
            assertThat(useless.path("inputTokens").asInt()).isEqualTo(100);
            assertThat(useless.path("cost").decimalValue()).isEqualByComparingTo("2");
            String today = LocalDate.now(ZoneOffset.UTC).toString();
            assertThat(other.get("/api/v1/usage?group=day").json().at("/items/0/day").asString())
                    .isEqualTo(today);
            assertThat(other.get("/api/v1/usage?group=").json().at("/items/0/inputTokens").asInt())
                    .isEqualTo(106);
        }
    }

    @Test
    void aTenantSeesItsOwnUsageAndAnAdministratorAll() {
        String stranger = producer.newKey("stranger", "user");
        UUID task =
                UUID.fromString(
                        producer.request(
                                        stranger,
                                        "POST",
                                        "/api/v1/tasks",
                                        TASK.getBytes(),
                                        Map.of())
                                .json()
                                .path("id")
                                .asString());
        worker.reply(worker.take(task), RoutingKeys.SUCCEEDED, Worker.succeeded("x"));

        await().untilAsserted(
                        () ->
                                assertThat(
                                                producer.get("/api/v1/usage?tenant=stranger&group=")
                                                        .json()
                                                        .at("/items/0/tasks")
                                                        .asInt())
                                        .isEqualTo(1));
        Answer refused =
                producer.request(stranger, "GET", "/api/v1/usage?tenant=default", null, Map.of());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.blames("tenant", "accepted")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"from=yesterday, from", "to=2026-13-01, to", "group=hour, group", "since=1, since"})
    void whatIsWrongIsNamed(String query, String field) {
        Answer answer = producer.get("/api/v1/usage?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.blames(field, "accepted")).isTrue();
    }

    private static AttemptFailure useless() {
        return new AttemptFailure(
                1,
                FailureCode.OUTPUT_INVALID,
                "of no use",
                null,
                Instant.now(),
                "it",
                "other-model",
                new Usage(100, 20, new BigDecimal("2"), 5));
    }

    private static String state(UUID task) {
        return producer.get("/api/v1/tasks/" + task).json().path("state").asString();
    }
}
