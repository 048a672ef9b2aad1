package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.model.Ids;
import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.util.Objects;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes chat completions of results: everything that the backend said, and what it left out. */
public final class Completions {

    private Completions() {}

    static String id(UUID task) {
        return "chatcmpl-" + task;
    }

    /** Unix seconds. */
    public static long created(UUID task) {
        return Ids.timeOf(task).getEpochSecond();
    }

    /**
     * @param model the name that the request asked for, where the backend said none
     */
    public static ObjectNode of(TaskView task, String model) {
        ObjectNode output = OpenAiTasks.output(task);
        ObjectNode completion = Json.MAPPER.createObjectNode();
        completion.put("id", id(task.id())).put("object", "chat.completion");
        completion.put("created", created(task.id()));
        completion.put("model", output.path("model").asString(model));
        for (JsonNode choice : output.path("choices")) {
            completion
                    .withArray("choices")
                    .add(choice(choice, completion.withArray("choices").size()));
        }
        completion.set("usage", usage(task));
        output.properties().forEach(f -> completion.putIfAbsent(f.getKey(), f.getValue()));
        return completion;
    }

    /** Tokens as OpenAI counts them: the backend's own words, or the fleet's record of them. */
    static ObjectNode usage(TaskView task) {
        JsonNode result = Json.tree(Objects.requireNonNull(task.result()));
        ObjectNode usage =
                result.at("/output/usage") instanceof ObjectNode said
                        ? said
                        : Json.MAPPER.createObjectNode();
        long in = result.at("/usage/inputTokens").asLong(0);
        long out = result.at("/usage/outputTokens").asLong(0);
        usage.putIfAbsent("prompt_tokens", usage.numberNode(in));
        usage.putIfAbsent("completion_tokens", usage.numberNode(out));
        usage.putIfAbsent(
                "total_tokens",
                usage.numberNode(
                        usage.path("prompt_tokens").asLong(0)
                                + usage.path("completion_tokens").asLong(0)));
        return usage;
    }

    private static ObjectNode choice(JsonNode said, int index) {
        ObjectNode choice = Json.MAPPER.createObjectNode();
        choice.put("index", said.path("index").asInt(index));
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        message.putNull("content").putNull("refusal");
        if (said.path("message") instanceof ObjectNode known) {
            message.setAll(known);
        }
        choice.put("finish_reason", said.path("finish_reason").asString("stop"));
        choice.putNull("logprobs");
        if (said instanceof ObjectNode all) {
            all.properties().stream()
                    .filter(f -> !choice.has(f.getKey()) || choice.get(f.getKey()).isNull())
                    .forEach(f -> choice.set(f.getKey(), f.getValue()));
        }
        return choice;
    }
}
