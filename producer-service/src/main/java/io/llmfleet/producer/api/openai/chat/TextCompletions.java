package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.api.openai.Usages;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes chats of requests for text completions, and text completions of their results. */
final class TextCompletions {

    /** What a chat cannot do, with the values that ask for nothing. */
    private static final Map<String, Predicate<JsonNode>> NOTHING_ASKED =
            Map.of(
                    "suffix", v -> v.asString("").isEmpty(),
                    "echo", v -> !v.asBoolean(false),
                    "logprobs", v -> false,
                    "best_of", v -> v.asInt(1) == 1);

    private TextCompletions() {}

    static String id(UUID task) {
        return "cmpl-" + task;
    }

    static void refuseWhatAChatCannotDo(ObjectNode body) {
        NOTHING_ASKED.forEach(
                (field, nothing) -> {
                    JsonNode value = body.path(field);
                    if (!value.isMissingNode() && !value.isNull() && !nothing.test(value)) {
                        throw OpenAiException.invalid(
                                field, "unsupported", field + " is not supported; leave it out");
                    }
                });
    }

    static List<String> prompts(ObjectNode body) {
        JsonNode prompt = body.path("prompt");
        List<String> prompts = new ArrayList<>();
        if (prompt.isString()) {
            prompts.add(prompt.stringValue());
        } else if (prompt.isArray() && prompt.valueStream().allMatch(JsonNode::isString)) {
            prompt.forEach(p -> prompts.add(p.stringValue()));
        }
        if (prompts.isEmpty()) {
            throw OpenAiException.invalid(
                    "prompt", null, "prompt is required: a text or a list of texts");
        }
        return prompts;
    }

    static ObjectNode chat(ObjectNode body, String prompt) {
        ObjectNode chat = body.deepCopy();
        chat.remove("prompt");
        NOTHING_ASKED.keySet().forEach(chat::remove);
        chat.putArray("messages").addObject().put("role", "user").put("content", prompt);
        return chat;
    }

    static ObjectNode of(List<TaskView> done, String model) {
        List<ObjectNode> chats = done.stream().map(t -> Completions.of(t, model)).toList();
        ObjectNode completion = Json.MAPPER.createObjectNode();
        UUID first = done.getFirst().id();
        completion.put("id", id(first)).put("object", "text_completion");
        completion.put("created", Completions.created(first));
        completion.set("model", chats.getFirst().get("model"));
        ArrayNode choices = completion.putArray("choices");
        for (ObjectNode chat : chats) {
            for (JsonNode said : chat.path("choices")) {
                ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
                choice.put("text", said.at("/message/content").asString(""));
                choice.putNull("logprobs").set("finish_reason", said.get("finish_reason"));
            }
        }
        completion.set("usage", Usages.sum(chats));
        return completion;
    }
}
