package io.llmfleet.producer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.testing.Scrape;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Exchanges;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a producer tells Prometheus after work whose outcomes are known. */
class MetricsIT {

    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"hello\"}}";

    private static ProducerUnderTest producer;
    private static Worker worker;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.start();
        worker = new Worker(producer);
    }

    @AfterAll
    static void stop() {
        producer.close();
    }

    @Test
    void everyMeterIsToldAndEachTaskIsAccountedFor() {
        UUID answered = producer.submit(TASK);
        Envelope first = worker.take(answered);
        worker.succeed(first, "one");
        worker.succeed(first, "again");
        UUID failed = producer.submit(TASK);
        worker.fail(worker.take(failed), FailureCode.BACKEND_REFUSED);
        UUID cancelled = producer.submit(TASK);
        producer.post("/api/v1/tasks/" + cancelled + "/cancel", "");
        producer.submit(TASK);
        producer.publish(Exchanges.REPLIES, "chat.succeeded", Map.of(), new byte[0]);
        await().until(() -> told("fleet_replies_total") == 4);
        replay(failed);
        String poor = producer.limitedKey("poor", "{\"requestsPerMinute\":1}");
        for (int i = 0; i < 2; i++) {
            producer.request(poor, "GET", "/api/v1/tasks", null, Map.of());
        }

        runAPipeline();

        await().until(() -> told("fleet_tasks_open") == 2);
        await().until(() -> told("fleet_dead_letters_open") == 1);
        Scrape told = Scrape.of(producer.url());
        assertThat(Stream.concat(ProducerMetrics.ALL.stream(), LinkMetrics.ALL.stream()))
                .allSatisfy(m -> assertThat(told.help(m.shown())).startsWith(m.meaning()));
        assertThat(told.sum("fleet_runs_started_total", "pipeline=\"greeting\"")).isEqualTo(1);
        assertThat(told.sum("fleet_tasks_accepted_total", "type=\"chat\"", "priority=\"normal\""))
                .isEqualTo(4);
        assertThat(told.sum("fleet_tasks_reopened_total")).isEqualTo(1);
        assertThat(told.sum("fleet_tasks_final_total", "outcome=\"succeeded\"")).isEqualTo(1);
        assertThat(told.sum("fleet_tasks_final_total", "outcome=\"failed\"")).isEqualTo(1);
        assertThat(told.sum("fleet_tasks_final_total", "outcome=\"cancelled\"")).isEqualTo(1);
        assertThat(told.sum("fleet_tasks_failed_total", "code=\"BACKEND_REFUSED\"")).isEqualTo(1);
        assertThat(told.sum("fleet_tasks_critical_time_seconds_count")).isEqualTo(3);
        assertThat(told.sum("fleet_tasks_critical_time_seconds_bucket", "le=\"86400.0\""))
                .isEqualTo(3);
        assertThat(told.sum("fleet_replies_total", "outcome=\"without_effect\"")).isEqualTo(1);
        assertThat(told.sum("fleet_usage_tokens_total", "model=\"model-it\"")).isEqualTo(8);
        assertThat(told.sum("fleet_usage_cost_total", "tenant=\"default\"")).isEqualTo(0.25);
        await().untilAsserted(MetricsIT::nothingIsUnaccountedFor);
    }

    /** It needs no task. */
    private static void runAPipeline() {
        String pipeline = "/api/v1/pipelines/greeting";
        producer.request(
                ProducerUnderTest.ADMIN,
                "PUT",
                pipeline,
                "{\"steps\": [{\"id\": \"hello\", \"value\": \"hello\"}]}"
                        .getBytes(StandardCharsets.UTF_8),
                Map.of("Content-Type", "application/json"));
        producer.post(pipeline + "/runs", "{}");
        await().until(() -> told("fleet_runs_final_total") == 1);
    }

    private static void nothingIsUnaccountedFor() {
        Scrape told = Scrape.of(producer.url());
        assertThat(
                        told.sum("fleet_tasks_accepted_total")
                                + told.sum("fleet_tasks_reopened_total")
                                - told.sum("fleet_tasks_final_total")
                                - told.sum("fleet_tasks_open"))
                .isZero();
        String replies = "queue=\"llm.replies.q\"";
        assertThat(
                        told.sum("fleet_consumer_received_total", replies)
                                - told.sum("fleet_replies_total")
                                - told.sum(
                                        "fleet_consumer_settled_total",
                                        replies,
                                        "outcome=\"abandoned\"")
                                - told.sum("fleet_consumer_held", replies))
                .isZero();
        assertThat(
                        told.sum("fleet_publish_accepted_total")
                                - told.sum("fleet_publish_settled_total")
                                - told.sum("fleet_publish_unconfirmed"))
                .isZero();
    }

    /** Its letter is the one that knows a task. */
    private static void replay(UUID task) {
        await().until(() -> state(task).equals("FAILED"));
        for (var letter : producer.get("/api/v1/dead-letters").json().get("items")) {
            if (letter.path("taskId").asString("").equals(task.toString())) {
                String id = letter.get("id").asString();
                producer.post("/api/v1/dead-letters/" + id + "/replay", "");
            }
        }
    }

    private static String state(UUID task) {
        return producer.get("/api/v1/tasks/" + task).json().get("state").asString();
    }

    private static double told(String name) {
        return Scrape.of(producer.url()).sum(name);
    }
}
