package io.llmfleet.producer.api.openai.response;

import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a chat's message says, in the order in which a response has it: the text, the refusal, then
 * each call of a function.
 *
 * @param logprobs of the text's tokens; empty if they were not asked for
 */
record ResponseContent(String text, String refusal, List<Call> calls, ArrayNode logprobs) {

    /** A call of a function. */
    record Call(String id, String name, String arguments) {}

    /**
     * @param choice of a chat completion
     */
    static ResponseContent of(UUID task, JsonNode choice) {
        JsonNode message = choice.path("message");
        List<Call> calls = new ArrayList<>();
        for (JsonNode call : message.path("tool_calls")) {
            String id = call.path("id").asString("");
            JsonNode function = call.path("function");
            calls.add(
                    new Call(
                            id.isEmpty() ? callId(task, calls.size()) : id,
                            function.path("name").asString(""),
                            function.path("arguments").asString("")));
        }
        return new ResponseContent(
                message.path("content").asString(""),
                message.path("refusal").asString(""),
                calls,
                choice.at("/logprobs/content") instanceof ArrayNode said
                        ? said
                        : Json.MAPPER.createArrayNode());
    }

    /** For a call that the backend gave none. */
    private static String callId(UUID task, int number) {
        return "call_" + task + "_" + number;
    }

    /** The message of an assistant that a chat goes on after. */
    ObjectNode message() {
        ObjectNode message = Json.MAPPER.createObjectNode().put("role", "assistant");
        if (text.isEmpty() && !calls.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", text.isEmpty() ? refusal : text);
        }
        for (Call call : calls) {
            ObjectNode said = message.withArray("tool_calls").addObject();
            said.put("id", call.id()).put("type", "function");
            said.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        }
        return message;
    }
}
