package io.llmfleet.worker.backend;

import io.llmfleet.type.TaskType;
import io.llmfleet.wire.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is posted to an OpenAI-compatible endpoint for a task: a chat completion, or embeddings.
 *
 * @param path under the base URL
 */
record OpenAiRequest(String path, ObjectNode body) {

    static OpenAiRequest of(Backend.Call call, String model) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        String path =
                switch (call.type().name()) {
                    case "embed" -> embeddings(call.input(), body);
                    case "chat" -> chat(call.input(), body);
                    default -> prompt(call, body);
                };
        JsonNode parameters = call.parameters();
        if (parameters instanceof ObjectNode object) {
            body.setAll(object);
        }
        body.put("model", model);
        body.remove("stream");
        body.remove("stream_options");
        if (call.deltas().wanted()) {
            body.put("stream", true).putObject("stream_options").put("include_usage", true);
        }
        return new OpenAiRequest(path, body);
    }

    private static String embeddings(JsonNode input, ObjectNode body) {
        body.setAll((ObjectNode) input);
        if (body.has("text") && !body.has("input")) {
            body.set("input", body.get("text"));
        }
        body.remove("text");
        return "/embeddings";
    }

    private static String chat(JsonNode input, ObjectNode body) {
        body.setAll((ObjectNode) input);
        if (body.has("text") && !body.has("messages")) {
            body.putArray("messages")
                    .addObject()
                    .put("role", "user")
                    .set("content", body.get("text"));
            body.remove("text");
        }
        return "/chat/completions";
    }

    private static String prompt(Backend.Call call, ObjectNode body) {
        TaskType.Prompt prompt = call.type().prompt();
        if (prompt == null) {
            throw new IllegalStateException("type " + call.type().name() + " has no prompt");
        }
        body.set("messages", Prompts.messages(prompt, call.input()));
        JsonNode schema = wantedSchema(call, prompt);
        if (schema != null) {
            ObjectNode format = body.putObject("response_format").put("type", "json_schema");
            format.putObject("json_schema").put("name", call.type().name()).set("schema", schema);
        }
        return "/chat/completions";
    }

    private static @org.jspecify.annotations.Nullable JsonNode wantedSchema(
            Backend.Call call, TaskType.Prompt prompt) {
        if (call.input().path("schema").isObject()) {
            return call.input().get("schema");
        }
        return prompt.textField() == null ? NarrowSchema.of(call.type(), call.input()) : null;
    }
}
