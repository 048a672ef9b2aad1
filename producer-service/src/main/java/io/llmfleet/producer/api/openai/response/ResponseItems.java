package io.llmfleet.producer.api.openai.response;

import io.llmfleet.wire.Json;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The items of a response's output, each with an id that says whose it is. */
final class ResponseItems {

    static final String COMPLETED = "completed";
    static final String IN_PROGRESS = "in_progress";

    private ResponseItems() {}

    /**
     * @param status of the last item, {@code completed} or {@code incomplete}
     */
    static ArrayNode of(UUID task, ResponseContent content, String status) {
        ArrayNode items = Json.MAPPER.createArrayNode();
        ArrayNode parts = parts(content);
        int calls = content.calls().size();
        if (!parts.isEmpty()) {
            items.add(message(task, calls == 0 ? status : COMPLETED, parts));
        }
        for (int i = 0; i < calls; i++) {
            String how = i == calls - 1 ? status : COMPLETED;
            items.add(call(task, items.size(), how, content.calls().get(i)));
        }
        return items;
    }

    /** Without any call an empty text is a text, too. */
    static ArrayNode parts(ResponseContent content) {
        ArrayNode parts = Json.MAPPER.createArrayNode();
        boolean silent = content.refusal().isEmpty() && content.calls().isEmpty();
        if (!content.text().isEmpty() || silent) {
            parts.add(text(content.text(), content.logprobs()));
        }
        if (!content.refusal().isEmpty()) {
            parts.add(refusal(content.refusal()));
        }
        return parts;
    }

    static String messageId(UUID task) {
        return "msg_" + task;
    }

    static String callId(UUID task, int index) {
        return "fc_" + task + "_" + index;
    }

    static ObjectNode message(UUID task, String status, ArrayNode parts) {
        ObjectNode item = Json.MAPPER.createObjectNode();
        item.put("id", messageId(task)).put("type", "message").put("status", status);
        item.put("role", "assistant").set("content", parts);
        return item;
    }

    static ObjectNode text(String text, ArrayNode logprobs) {
        ObjectNode part = Json.MAPPER.createObjectNode().put("type", "output_text");
        part.put("text", text).putArray("annotations");
        part.set("logprobs", logprobs);
        return part;
    }

    static ObjectNode refusal(String refusal) {
        return Json.MAPPER.createObjectNode().put("type", "refusal").put("refusal", refusal);
    }

    static ObjectNode call(UUID task, int index, String status, ResponseContent.Call call) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", callId(task, index))
                .put("type", "function_call")
                .put("status", status)
                .put("call_id", call.id())
                .put("name", call.name())
                .put("arguments", call.arguments());
    }

    /**
     * The items of a request's input, as a list shows them.
     *
     * @param input that was accepted
     */
    static List<ObjectNode> input(UUID task, JsonNode input) {
        ArrayNode items = Json.MAPPER.createArrayNode();
        if (input.isString()) {
            items.addObject().put("role", "user").set("content", input);
        } else {
            input.forEach(item -> items.add(item.deepCopy()));
        }
        List<ObjectNode> shown = items.valueStream().map(ObjectNode.class::cast).toList();
        for (int i = 0; i < shown.size(); i++) {
            complete(shown.get(i), task + "_in_" + i);
        }
        return shown;
    }

    private static void complete(ObjectNode item, String id) {
        String type = ResponseInput.type(item);
        item.put("type", type);
        if (!item.path("id").isString()) {
            item.put("id", (type.equals("message") ? "msg_" : "item_") + id);
        }
        if (!item.path("status").isString()) {
            item.put("status", COMPLETED);
        }
        if (type.equals("message") && item.path("content").isString()) {
            JsonNode text = item.get("content");
            boolean output = item.path("role").asString("").equals("assistant");
            ObjectNode part = item.putArray("content").addObject();
            part.put("type", output ? "output_text" : "input_text").set("text", text);
            if (output) {
                part.putArray("annotations");
            }
        }
    }
}
