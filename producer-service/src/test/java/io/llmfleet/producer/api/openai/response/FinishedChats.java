package io.llmfleet.producer.api.openai.response;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Ids;
import io.llmfleet.model.Priority;
import io.llmfleet.model.Result;
import io.llmfleet.model.TaskState;
import io.llmfleet.model.Usage;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tasks of type {@code chat} as the store has them. */
final class FinishedChats {

    static final UUID TASK = UUID.fromString("0198c0de-0000-7000-8000-000000000001");

    private FinishedChats() {}

    static TaskView saying(String text, String finishReason) {
        return saying(text, finishReason, 1);
    }

    static TaskView saying(String text, String finishReason, int attempts) {
        ObjectNode message = Json.MAPPER.createObjectNode().put("content", text);
        return done(message, finishReason, attempts);
    }

    /** With a call of a function for each of the arguments. */
    static TaskView calling(String text, String... arguments) {
        ObjectNode message = Json.MAPPER.createObjectNode();
        message.put("content", text);
        for (String one : arguments) {
            int number = message.withArray("tool_calls").size();
            ObjectNode call = message.withArray("tool_calls").addObject().put("id", "c" + number);
            call.putObject("function").put("name", "f" + number).put("arguments", one);
        }
        return done(message, "tool_calls", 1);
    }

    static TaskView done(JsonNode message, String finishReason, int attempts) {
        ObjectNode output = Json.MAPPER.createObjectNode();
        ObjectNode choice = output.putArray("choices").addObject();
        choice.put("finish_reason", finishReason).set("message", message);
        byte[] result =
                Json.bytes(new Result.Succeeded(output, new Usage(3, 5, null, 12), "model-it"));
        return task(TaskState.SUCCEEDED, attempts, null, result);
    }

    static TaskView failed(TaskState state, FailureCode code) {
        return task(state, 1, Failure.of(code, "on purpose"), null);
    }

    static TaskView task(TaskState state, int attempts, Failure failure, byte[] result) {
        return new TaskView(
                TASK,
                "acme",
                "chat",
                "any",
                Priority.NORMAL,
                state,
                1,
                attempts,
                Ids.timeOf(TASK),
                null,
                null,
                Instant.ofEpochSecond(1_800_000_000),
                Instant.MAX,
                Duration.ofMinutes(1),
                null,
                Map.of(),
                null,
                null,
                null,
                null,
                null,
                failure,
                List.of(),
                result,
                0);
    }
}
