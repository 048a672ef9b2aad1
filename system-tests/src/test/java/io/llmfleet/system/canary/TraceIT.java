package io.llmfleet.system.canary;

import static io.llmfleet.system.canary.CanaryFleet.PATIENCE;
import static io.llmfleet.system.canary.CanaryFleet.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.cli.local.Service;
import io.llmfleet.model.Priority;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The trace of a task through a whole fleet, and what its logs say of it. */
class TraceIT {

    @TempDir static Path folder;
    private static CanaryFleet fleet;

    @BeforeAll
    static void up() throws Exception {
        fleet = new CanaryFleet(folder);
    }

    @AfterAll
    static void down() throws IOException {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void oneTraceSpansProducerRouterAndWorkerAcrossARetry() {
        String traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        String text = "once-broken traced";

        UUID task =
                fleet.submit(
                        chat(text),
                        Map.of("traceparent", "00-" + traceId + "-00f067aa0ba902b7-01"));
        JsonNode done = fleet.untilFinal(task);

        assertThat(done.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(done.path("attempts").asInt()).isEqualTo(2);
        await().atMost(PATIENCE).until(() -> names(traceId).contains("process llm.replies.q"));
        await().atMost(PATIENCE).until(() -> names(traceId).contains("http post /api/v1/tasks"));
        // Each service sends its spans in its own time.
        for (String twice :
                List.of(
                        "process llm.ingress.normal",
                        "process llm.work.default.normal",
                        "chat echo-llm")) {
            await().atMost(PATIENCE).until(() -> Collections.frequency(names(traceId), twice) >= 2);
        }
        List<OtlpReceiver.Span> spans = fleet.otlp().trace(traceId);
        assertThat(names(traceId)).contains("send llm.ingress", "process llm.replies.q");
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
        assertThat(fleet.backend().calls(text))
                .extracting(EchoingBackend.Call::traceParent)
                .containsExactlyInAnyOrderElementsOf(calls);
    }

    @Test
    void aTraceThatItsCallerDoesNotSampleIsPassedOnAndNotRecorded() {
        String traceId = "aaaa2f3577b34da6a3ce929d0e0e4736";
        String text = "good unsampled";

        UUID task =
                fleet.submit(
                        chat(text),
                        Map.of("traceparent", "00-" + traceId + "-00f067aa0ba902b7-00"));
        fleet.untilFinal(task);

        assertThat(fleet.backend().calls(text).getFirst().traceParent())
                .startsWith("00-" + traceId + "-")
                .endsWith("-00");
        UUID later = fleet.submit(chat("good later"), Map.of());
        fleet.untilFinal(later);
        await().atMost(PATIENCE)
                .until(() -> fleet.otlp().namesOf(later).contains("process llm.replies.q"));
        assertThat(fleet.otlp().trace(traceId)).isEmpty();
    }

    @Test
    void aLineThatIsAboutATaskSaysWhichInFields() throws IOException {
        String traceId = "bbbb2f3577b34da6a3ce929d0e0e4736";
        String low = Queues.work("default", Priority.LOW);
        fleet.copies().leave(Exchanges.WORK);
        fleet.copies().channel().queueUnbind(low, Exchanges.WORK, "*.default.low");
        UUID task =
                fleet.submit(
                        chat("good unbound").put("priority", "low"),
                        Map.of("traceparent", "00-" + traceId + "-00f067aa0ba902b7-01"));

        await().atMost(PATIENCE).until(() -> fleet.log(Service.ROUTER).contains(task.toString()));
        fleet.copies().channel().queueBind(low, Exchanges.WORK, "*.default.low");
        fleet.copies().join(Exchanges.WORK);

        JsonNode line =
                Json.tree(
                        fleet.log(Service.ROUTER)
                                .lines()
                                .filter(l -> l.contains(task.toString()))
                                .findFirst()
                                .orElseThrow()
                                .getBytes(UTF_8));
        assertThat(line.at("/task/id").asString()).isEqualTo(task.toString());
        assertThat(line.path("trace.id").asString()).isEqualTo(traceId);
        assertThat(line.at("/service/name").asString()).isEqualTo("router-service");
        assertThat(fleet.untilFinal(task).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    private static List<String> names(String traceId) {
        return fleet.otlp().trace(traceId).stream().map(OtlpReceiver.Span::name).toList();
    }
}
