package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.wire.Json;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes chat messages of a response's input: what an assistant said and called in one go is one
 * message, as it was in the chat that it came from.
 */
final class ResponseInput {

    private static final List<String> ITEMS =
            List.of("message", "function_call", "function_call_output", "reasoning");
    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");

    private final ArrayNode messages = Json.MAPPER.createArrayNode();

    private ResponseInput() {}

    /**
     * @param input a text, or a list of items
     * @throws OpenAiException if it is something else, naming the place
     */
    static ArrayNode messages(JsonNode input) {
        ResponseInput all = new ResponseInput();
        if (input.isString()) {
            all.messages.addObject().put("role", "user").set("content", input);
        } else if (input.isArray()) {
            for (int i = 0; i < input.size(); i++) {
                all.add(input.get(i), "input[" + i + "].");
            }
        } else {
            throw ResponseFields.wrong("input", "is required: a text or a list of items");
        }
        return all.messages;
    }

    /** An item's type, which messages may leave out. */
    static String type(JsonNode item) {
        return item.path("type").asString(item.has("role") ? "message" : "");
    }

    private void add(JsonNode item, String at) {
        String type = type(item);
        switch (type) {
            case "message" -> message(item, at);
            case "function_call" -> call(item, at);
            case "function_call_output" -> output(item, at);
            case "reasoning" -> {
                // A chat has no place for what a model once thought.
            }
            default -> throw ResponseFields.unsupported(at + "type", type, ITEMS);
        }
    }

    private void message(JsonNode item, String at) {
        String role = ResponseFields.required(item, "role", at);
        if (!ROLES.contains(role)) {
            throw ResponseFields.unsupported(at + "role", role, ROLES.stream().sorted().toList());
        }
        JsonNode content = item.path("content");
        ObjectNode message = messages.addObject();
        if (role.equals("assistant")) {
            message.put("role", role).put("content", ResponseParts.text(content, at + "content"));
        } else {
            // Every backend knows system messages; OpenAI's takes them for the developer's.
            message.put("role", role.equals("developer") ? "system" : role)
                    .set("content", ResponseParts.content(content, at + "content"));
        }
    }

    private void call(JsonNode item, String at) {
        ObjectNode call = assistant().withArray("tool_calls").addObject();
        call.put("id", ResponseFields.required(item, "call_id", at)).put("type", "function");
        call.putObject("function")
                .put("name", ResponseFields.required(item, "name", at))
                .put("arguments", ResponseFields.text(item, "arguments", at).orElse("{}"));
    }

    private ObjectNode assistant() {
        if (!messages.isEmpty()
                && messages.get(messages.size() - 1) instanceof ObjectNode last
                && last.path("role").asString("").equals("assistant")) {
            return last;
        }
        return messages.addObject().put("role", "assistant").putNull("content");
    }

    private void output(JsonNode item, String at) {
        messages.addObject()
                .put("role", "tool")
                .put("tool_call_id", ResponseFields.required(item, "call_id", at))
                .put("content", ResponseParts.text(item.path("output"), at + "output"));
    }
}
