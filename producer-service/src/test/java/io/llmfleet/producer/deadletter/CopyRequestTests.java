package io.llmfleet.producer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.TaskBody;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CopyRequestTests {

    private static final Instant CREATED = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void whatIsNotChangedStays() {
        assertThat(copy(Duration.ofHours(2), "{}"))
                .isEqualTo(
                        json(
                                """
                                {"type": "chat", "target": "small", "input": {"text": "hello"}, "parameters": {"n": 1},
                                "priority": "low", "deadline": "PT2H", "callLimit": "PT10M", "metadata": {"a": "b"},
                                "webhook": "https://example.org/", "conversation": "c",
                                "turn": {"onFailure": "halt", "history": {"turns": 3}}}
                                """));
    }

    @Test
    void changesReplaceWholeFieldsAndNullLeavesOneOut() {
        JsonNode copy =
                copy(
                        Duration.ofHours(2),
                        "{\"input\": {\"text\": \"other\"}, \"target\": \"large\", \"parameters\": null, \"turn\": null}");

        assertThat(copy.path("input")).isEqualTo(json("{\"text\": \"other\"}"));
        assertThat(copy.path("target").asString()).isEqualTo("large");
        assertThat(copy.has("parameters")).isFalse();
        assertThat(copy.has("turn")).isFalse();
    }

    @Test
    void lifeThatReplaysMadeLongerIsNoLongerThanARequestMayAskFor() {
        assertThat(copy(Duration.ofDays(20), "{}").path("deadline").asString())
                .isEqualTo(Duration.ofDays(5).toString());
    }

    private static JsonNode copy(Duration life, String changes) {
        return CopyRequest.of(
                task(life),
                new TaskBody(json("{\"text\": \"hello\"}"), json("{\"n\": 1}")),
                "https://example.org/",
                "{\"onFailure\": \"HALT\", \"whileRunning\": \"REJECT\", \"history\": {\"turns\": 3}}",
                json(changes));
    }

    private static TaskView task(Duration life) {
        return new TaskView(
                UUID.randomUUID(),
                "default",
                "chat",
                "small",
                Priority.LOW,
                TaskState.FAILED,
                1,
                1,
                CREATED,
                null,
                null,
                CREATED,
                CREATED.plus(life),
                Duration.ofMinutes(10),
                "c",
                Map.of("a", "b"),
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                0);
    }

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }
}
