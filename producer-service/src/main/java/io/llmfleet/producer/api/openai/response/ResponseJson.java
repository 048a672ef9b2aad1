package io.llmfleet.producer.api.openai.response;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.api.openai.chat.Completions;
import io.llmfleet.producer.response.ResponseId;
import io.llmfleet.producer.response.ResponseStatus;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes responses of tasks: what was asked for, how it is now, and what was answered. */
final class ResponseJson {

    /** What a request says, or what holds where it says nothing. */
    private static final ObjectNode ECHOED =
            (ObjectNode)
                    Json.tree(
                            """
                            {"background": false, "instructions": null, "max_output_tokens": null,
                             "max_tool_calls": null, "parallel_tool_calls": true, "previous_response_id": null,
                             "prompt_cache_key": null, "reasoning": {"effort": null, "summary": null},
                             "safety_identifier": null, "service_tier": "default", "store": true,
                             "temperature": 1.0, "text": {}, "tool_choice": "auto", "tools": [],
                             "top_logprobs": 0, "top_p": 1.0, "truncation": "disabled", "user": null,
                             "metadata": {}}
                            """
                                    .getBytes(StandardCharsets.UTF_8));

    private ResponseJson() {}

    /**
     * @param task of type {@code chat}, in any state; with its result if it succeeded
     * @param request that it was made of
     */
    static ObjectNode of(TaskView task, ObjectNode request) {
        ResponseStatus status = ResponseStatus.of(task.state(), task.result());
        ObjectNode response = begun(task.id(), request, status);
        Failure failure = task.failure();
        if (status == ResponseStatus.FAILED && failure != null) {
            response.set("error", error(failure));
        }
        if (task.result() != null) {
            answer(task, response, status);
        }
        return response;
    }

    /** One that has no output yet. */
    static ObjectNode begun(UUID task, ObjectNode request, ResponseStatus status) {
        ObjectNode response = Json.MAPPER.createObjectNode();
        response.put("id", ResponseId.of(task)).put("object", "response");
        response.put("created_at", Completions.created(task)).put("status", status.word());
        response.putNull("completed_at").putNull("error").putNull("incomplete_details");
        response.set("model", request.path("model"));
        response.putArray("output");
        response.putNull("usage");
        for (var echoed : ECHOED.properties()) {
            String field = echoed.getKey();
            response.set(
                    field,
                    ResponseFields.value(request, field).orElse(echoed.getValue()).deepCopy());
        }
        normalize(response);
        return response;
    }

    private static void normalize(ObjectNode response) {
        if (response.path("text") instanceof ObjectNode text && !text.path("format").isObject()) {
            text.putObject("format").put("type", "text");
        }
        for (JsonNode tool : response.path("tools")) {
            ((ObjectNode) tool).putIfAbsent("parameters", response.nullNode());
            ((ObjectNode) tool).putIfAbsent("strict", response.booleanNode(false));
        }
    }

    private static void answer(TaskView task, ObjectNode response, ResponseStatus status) {
        ObjectNode completion = Completions.of(task, response.path("model").asString(""));
        ResponseContent content = ResponseContent.of(task.id(), completion.at("/choices/0"));
        response.set("model", completion.get("model"));
        response.set("output", ResponseItems.of(task.id(), content, status.word()));
        response.set("usage", usage(completion.path("usage")));
        if (completion.path("service_tier").isString()) {
            response.set("service_tier", completion.get("service_tier"));
        }
        ResponseStatus.incompleteReason(task.result())
                .ifPresent(why -> response.putObject("incomplete_details").put("reason", why));
        if (status == ResponseStatus.COMPLETED && task.finishedAt() != null) {
            response.put("completed_at", task.finishedAt().getEpochSecond());
        }
    }

    private static ObjectNode usage(JsonNode chat) {
        ObjectNode usage = Json.MAPPER.createObjectNode();
        usage.put("input_tokens", chat.path("prompt_tokens").asLong(0));
        JsonNode input = chat.path("prompt_tokens_details");
        usage.putObject("input_tokens_details")
                .put("cached_tokens", input.path("cached_tokens").asLong(0))
                .put("cache_write_tokens", input.path("cache_write_tokens").asLong(0));
        usage.put("output_tokens", chat.path("completion_tokens").asLong(0));
        usage.putObject("output_tokens_details")
                .put(
                        "reasoning_tokens",
                        chat.at("/completion_tokens_details/reasoning_tokens").asLong(0));
        usage.put("total_tokens", chat.path("total_tokens").asLong(0));
        return usage;
    }

    private static ObjectNode error(Failure failure) {
        return Json.MAPPER
                .createObjectNode()
                .put("code", code(failure.code()))
                .put("message", failure.message());
    }

    /** OpenAI's clients know few codes of a response; the task has the fleet's own. */
    private static String code(FailureCode code) {
        return switch (code) {
            case RATE_LIMITED -> "rate_limit_exceeded";
            case INVALID_INPUT, UNSUPPORTED, BACKEND_REFUSED -> "invalid_prompt";
            default -> "server_error";
        };
    }
}
