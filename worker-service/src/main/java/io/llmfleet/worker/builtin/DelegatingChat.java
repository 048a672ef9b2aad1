package io.llmfleet.worker.builtin;

import io.llmfleet.wire.Delegation;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the engine, which has no mind of its own, makes of the tool {@code delegate}: each line
 * {@code Delegate <type>[ to <target>]: <text>} of the user becomes a call, and their results are
 * the answer.
 */
final class DelegatingChat {

    private static final Pattern LINE =
            Pattern.compile(
                    "(?im)^\\s*delegate\\s+([a-z0-9-]{1,40})(?:\\s+to\\s+(\\S+))?:[ \\t]*(.+)$");

    private DelegatingChat() {}

    /** The message that answers such a chat; empty for any other. */
    static Optional<ObjectNode> message(JsonNode input) {
        JsonNode messages = input.path("messages");
        JsonNode last = messages.path(messages.size() - 1);
        if (last.path("role").asString("").equals("tool")) {
            ObjectNode answer = Json.MAPPER.createObjectNode().put("role", "assistant");
            return Optional.of(answer.put("content", results(messages)));
        }
        return isOffered(input) && last.path("content").isString()
                ? calls(last.get("content").stringValue())
                : Optional.empty();
    }

    private static boolean isOffered(JsonNode input) {
        return input.path("tools")
                .valueStream()
                .anyMatch(t -> t.at("/function/name").asString("").equals(Delegation.TOOL));
    }

    private static String results(JsonNode messages) {
        List<String> results = new ArrayList<>();
        for (int i = messages.size() - 1; i >= 0; i--) {
            JsonNode message = messages.get(i);
            if (!message.path("role").asString("").equals("tool")) {
                break;
            }
            results.add(message.path("content").asString(""));
        }
        return String.join("\n", results.reversed());
    }

    private static Optional<ObjectNode> calls(String text) {
        ObjectNode message = Json.MAPPER.createObjectNode().put("role", "assistant");
        ArrayNode calls = message.putNull("content").putArray("tool_calls");
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            ObjectNode arguments = Json.MAPPER.createObjectNode().put("type", line.group(1));
            if (line.group(2) != null) {
                arguments.put("target", line.group(2));
            }
            String field = line.group(1).equals("generate") ? "prompt" : "text";
            arguments.putObject("input").put(field, line.group(3).strip());
            calls.addObject()
                    .put("id", "call_" + UUID.randomUUID())
                    .put("type", "function")
                    .putObject("function")
                    .put("name", Delegation.TOOL)
                    .put("arguments", arguments.toString());
        }
        return calls.isEmpty() ? Optional.empty() : Optional.of(message);
    }
}
