package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.api.openai.OpenAiException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a chat's tools of a response's: functions, which are all that a chat can call. */
final class ResponseTools {

    private static final String FUNCTION = "function";
    private static final List<String> CHOICES =
            List.of("none", "auto", "required", FUNCTION, "allowed_tools");

    private ResponseTools() {}

    /**
     * @throws OpenAiException if there is a tool that is no function
     */
    static void translate(ObjectNode request, ObjectNode chat) {
        Optional<JsonNode> tools = ResponseFields.value(request, "tools");
        if (tools.isPresent() && !tools.get().isArray()) {
            throw ResponseFields.wrong("tools", "must be a list");
        }
        if (tools.isPresent() && !tools.get().isEmpty()) {
            ArrayNode functions = chat.putArray("tools");
            for (JsonNode tool : tools.get()) {
                function(tool, "tools[" + functions.size() + "].", functions.addObject());
            }
            ResponseFields.value(request, "parallel_tool_calls")
                    .ifPresent(p -> chat.set("parallel_tool_calls", p));
            ResponseFields.value(request, "tool_choice").ifPresent(c -> choice(c, chat));
        }
    }

    private static void function(JsonNode tool, String at, ObjectNode function) {
        String type = tool.path("type").asString("");
        if (!type.equals(FUNCTION)) {
            throw ResponseFields.unsupported(at + "type", type, List.of(FUNCTION));
        }
        ObjectNode said = function.put("type", FUNCTION).putObject(FUNCTION);
        said.put("name", ResponseFields.required(tool, "name", at));
        for (String field : List.of("description", "parameters", "strict")) {
            ResponseFields.value(tool, field).ifPresent(v -> said.set(field, v));
        }
    }

    private static void choice(JsonNode choice, ObjectNode chat) {
        String type = choice.isString() ? choice.stringValue() : choice.path("type").asString("");
        switch (type) {
            case "none", "auto", "required" -> chat.put("tool_choice", type);
            case FUNCTION ->
                    chat.putObject("tool_choice")
                            .put("type", FUNCTION)
                            .putObject(FUNCTION)
                            .put("name", ResponseFields.required(choice, "name", "tool_choice."));
            case "allowed_tools" -> allowOnly(choice, chat);
            default -> throw ResponseFields.unsupported("tool_choice", type, CHOICES);
        }
    }

    /** Few backends know this choice; every one can be given fewer tools. */
    private static void allowOnly(JsonNode choice, ObjectNode chat) {
        Set<String> names =
                choice.path("tools")
                        .valueStream()
                        .map(t -> t.path("name").asString(""))
                        .collect(Collectors.toSet());
        ArrayNode allowed = chat.arrayNode();
        for (JsonNode tool : chat.path("tools")) {
            if (names.contains(tool.at("/function/name").asString(""))) {
                allowed.add(tool);
            }
        }
        if (allowed.isEmpty()) {
            throw ResponseFields.wrong("tool_choice.tools", "must name some of the tools");
        }
        chat.set("tools", allowed);
        chat.put("tool_choice", choice.path("mode").asString("auto"));
    }
}
