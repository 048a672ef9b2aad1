package io.llmfleet.producer.deadletter;

import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.TaskBody;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the request that leads to an edited copy of a task. */
final class CopyRequest {

    /** Replays made its life longer; a new one's may be no longer than this. */
    private static final Duration LONGEST = Duration.ofDays(5);

    private CopyRequest() {}

    /**
     * Says what the task's own request said, with as much time as it had, except for what is
     * changed. In its conversation it is a new turn, which waits in line.
     *
     * @param turn the options as the store has them
     * @param changes whole fields; null leaves one out
     */
    static JsonNode of(
            TaskView task,
            TaskBody body,
            @Nullable String webhook,
            @Nullable String turn,
            JsonNode changes) {
        ObjectNode request = Json.MAPPER.createObjectNode();
        request.put("type", task.type()).put("target", task.target());
        request.set("input", body.input());
        if (body.parameters() != null) {
            request.set("parameters", body.parameters());
        }
        request.put("priority", task.priority().wire());
        request.put("deadline", life(task).toString());
        request.put("callLimit", task.callLimit().toString());
        if (!task.metadata().isEmpty()) {
            request.set("metadata", Json.MAPPER.valueToTree(task.metadata()));
        }
        if (webhook != null) {
            request.put("webhook", webhook);
        }
        if (body.delegation() != null) {
            request.putObject("delegation");
        }
        if (task.conversation() != null) {
            request.put("conversation", task.conversation());
            request.set("turn", turn(turn));
        }
        changes.properties().forEach(f -> change(request, f.getKey(), f.getValue()));
        return request;
    }

    private static Duration life(TaskView task) {
        Duration life = Duration.between(task.createdAt(), task.deadline());
        return life.compareTo(LONGEST) > 0 ? LONGEST : life;
    }

    private static void change(ObjectNode request, String field, JsonNode value) {
        if (value.isNull()) {
            request.remove(List.of(field));
        } else {
            request.set(field, value);
        }
    }

    private static JsonNode turn(@Nullable String stored) {
        ObjectNode turn = Json.MAPPER.createObjectNode();
        if (stored != null) {
            JsonNode options = Json.MAPPER.readTree(stored);
            turn.put(
                    "onFailure",
                    options.path("onFailure").asString("skip").toLowerCase(Locale.ROOT));
            if (options.path("history").isObject()) {
                turn.set("history", options.path("history"));
            }
        }
        return turn;
    }
}
