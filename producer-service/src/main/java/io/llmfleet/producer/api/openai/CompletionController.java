package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Text completions, OpenAI's older endpoint: each prompt is a chat of one message. */
@RestController
class CompletionController {

    /** What a chat cannot do, with the values that ask for nothing. */
    private static final Map<String, Predicate<JsonNode>> NOTHING_ASKED =
            Map.of(
                    "suffix", v -> v.asString("").isEmpty(),
                    "echo", v -> !v.asBoolean(false),
                    "logprobs", v -> false,
                    "best_of", v -> v.asInt(1) == 1);

    private final Models models;
    private final OpenAiTasks tasks;
    private final ChatStreams streams;

    CompletionController(Models models, OpenAiTasks tasks, ChatStreams streams) {
        this.models = models;
        this.tasks = tasks;
        this.streams = streams;
    }

    static String id(UUID task) {
        return "cmpl-" + task;
    }

    @PostMapping(path = "/v1/completions", consumes = MediaType.APPLICATION_JSON_VALUE)
    void create(
            @AuthenticationPrincipal Caller caller,
            HttpServletRequest servletRequest,
            HttpServletResponse response)
            throws IOException {
        ApiRequest request = ApiRequest.read(caller, servletRequest);
        String model = request.model();
        String target = models.target(model);
        refuseWhatAChatCannotDo(request.body());
        List<NewTask> all =
                prompts(request.body()).stream()
                        .map(p -> tasks.of(request, "chat", target, chat(request.body(), p)))
                        .toList();
        if (!request.stream()) {
            List<TaskView> done = tasks.awaitAll(all, request.key(), response);
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.getOutputStream().write(Json.bytes(completion(done, model)));
        } else if (all.size() == 1) {
            streams.write(
                    request,
                    all.getFirst(),
                    id ->
                            new ChatStream(
                                    new CompletionChunks(id, model, request.streamsUsage()),
                                    response),
                    response);
        } else {
            throw OpenAiException.invalid(
                    "prompt", "unsupported", "prompt: a stream takes one prompt, not a list");
        }
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

    static ObjectNode completion(List<TaskView> done, String model) {
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
