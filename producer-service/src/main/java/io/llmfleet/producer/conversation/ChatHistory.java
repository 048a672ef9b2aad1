package io.llmfleet.producer.conversation;

import io.llmfleet.producer.task.TurnOptions.History;
import io.llmfleet.producer.task.Turns.Said;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts what was said before in front of a chat's messages: of each earlier turn its own messages,
 * without the system's, and its answer. The chat's own system messages stay first.
 */
final class ChatHistory {

    private static final int BYTES_PER_TOKEN = 4;

    /** So that the message stays well within what the broker takes. */
    private static final long MOST_BYTES = 4 << 20;

    private ChatHistory() {}

    /**
     * @param body JSON of a task's body
     * @param before the turns before it, latest first
     */
    static byte[] complete(byte[] body, List<Said> before, History wanted) {
        List<JsonNode> said = new ArrayList<>();
        for (List<JsonNode> turn : chosen(before, wanted).reversed()) {
            said.addAll(turn);
        }
        if (said.isEmpty() || !(Json.tree(body) instanceof ObjectNode task)) {
            return body;
        }
        if (!(task.path("input") instanceof ObjectNode input)) {
            return body;
        }
        input.set("messages", joined(said, input.path("messages")));
        return Json.bytes(task);
    }

    /** Whole turns only, the latest that fit. */
    private static List<List<JsonNode>> chosen(List<Said> before, History wanted) {
        long room =
                wanted.tokens() == null
                        ? MOST_BYTES
                        : Math.min(MOST_BYTES, (long) wanted.tokens() * BYTES_PER_TOKEN);
        List<List<JsonNode>> chosen = new ArrayList<>();
        for (Said turn : before) {
            List<JsonNode> messages = messages(turn);
            room -= messages.stream().mapToLong(m -> Json.bytes(m).length).sum();
            if (room < 0) {
                break;
            }
            chosen.add(messages);
        }
        return chosen;
    }

    private static List<JsonNode> messages(Said turn) {
        List<JsonNode> messages = new ArrayList<>();
        for (JsonNode message : Json.tree(turn.input()).at("/input/messages")) {
            if (!isSystem(message)) {
                messages.add(message);
            }
        }
        JsonNode answer = Json.tree(turn.output()).at("/output/choices/0/message");
        if (answer.isObject()) {
            messages.add(answer);
        }
        return messages;
    }

    private static ArrayNode joined(List<JsonNode> said, JsonNode own) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        own.forEach(m -> addIf(all, m, isSystem(m)));
        said.forEach(all::add);
        own.forEach(m -> addIf(all, m, !isSystem(m)));
        return all;
    }

    private static void addIf(ArrayNode all, JsonNode message, boolean wanted) {
        if (wanted) {
            all.add(message);
        }
    }

    private static boolean isSystem(JsonNode message) {
        String role = message.path("role").asString("");
        return role.equals("system") || role.equals("developer");
    }
}
