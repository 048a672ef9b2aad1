package io.llmfleet.worker.execution;

import io.llmfleet.type.TaskType;
import io.llmfleet.wire.Delegated;
import io.llmfleet.wire.Delegation;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.TaskBody;
import io.llmfleet.wire.UnreadableMessageException;
import io.llmfleet.worker.backend.Backend.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Offers a chat's model the tool {@code delegate}, and reads its calls of it. The messages since
 * the task was asked are the continuation.
 *
 * <p>Where an answer mixes calls of {@code delegate} with those of the client's tools, the
 * delegated ones go first: the others are left out, and the model makes them again when it knows
 * the results.
 */
final class ChatDelegation {

    private static final String CHAT = "chat";

    private final TaskBody body;
    private final Delegation delegation;
    private final Collection<String> types;
    private final ArrayNode since;

    private ChatDelegation(TaskBody body, Delegation delegation, Collection<String> types) {
        this.body = body;
        this.delegation = delegation;
        this.types = types;
        this.since = since(delegation);
    }

    /** Empty for a task that may not delegate, or whose worker is no chat model. */
    static Optional<ChatDelegation> of(TaskType type, TaskBody body, Collection<String> types) {
        Delegation delegation = body.delegation();
        return delegation != null && type.name().equals(CHAT) && body.input().isObject()
                ? Optional.of(new ChatDelegation(body, delegation, types))
                : Optional.empty();
    }

    /** What was said in earlier rounds, and the answers to the last one's calls. */
    private static ArrayNode since(Delegation delegation) {
        ArrayNode messages = Json.MAPPER.createArrayNode();
        if (delegation.continuation() instanceof ArrayNode before) {
            messages.addAll(before);
        }
        List<Delegation.Told> results = delegation.results();
        if (results != null) {
            results.forEach(
                    told ->
                            messages.addObject()
                                    .put("role", "tool")
                                    .put("tool_call_id", told.id())
                                    .put("content", text(told)));
        }
        return messages;
    }

    private static String text(Delegation.Told told) {
        JsonNode output = told.output();
        if (output == null) {
            return "There is no result. " + told.failure();
        }
        JsonNode content = output.at("/choices/0/message/content");
        return content.isString() ? content.stringValue() : output.toString();
    }

    /** The chat as the model gets it. */
    JsonNode input() {
        ObjectNode input = ((ObjectNode) body.input()).deepCopy();
        ArrayNode messages = Json.MAPPER.createArrayNode();
        if (input.get("messages") instanceof ArrayNode asked) {
            messages.addAll(asked);
        } else {
            messages.addObject().put("role", "user").set("content", input.path("text"));
            input.remove("text");
        }
        input.set("messages", messages.addAll(since));
        if (delegation.isOpen()) {
            ArrayNode tools = Json.MAPPER.createArrayNode();
            if (input.get("tools") instanceof ArrayNode own) {
                tools.addAll(own);
            }
            input.set("tools", tools.add(tool()));
        }
        return input;
    }

    private ObjectNode tool() {
        ObjectNode tool = Json.MAPPER.createObjectNode().put("type", "function");
        ObjectNode function = tool.putObject("function").put("name", Delegation.TOOL);
        function.put(
                "description",
                "Sends a task to another component and gives its result. Several calls at once run"
                        + " side by side; "
                        + delegation.tasksLeft()
                        + " are left. The input's shape depends on the type; for most it is"
                        + " {\"text\": \"...\"}, for generate {\"prompt\": \"...\"}.");
        ObjectNode parameters = function.putObject("parameters").put("type", "object");
        ObjectNode properties = parameters.putObject("properties");
        ArrayNode names = properties.putObject("type").put("type", "string").putArray("enum");
        types.forEach(names::add);
        properties
                .putObject("target")
                .put("type", "string")
                .put("description", "A pool or a model; any if it is left out.");
        properties.putObject("input").put("type", "object");
        parameters.putArray("required").add("type").add("input");
        return tool;
    }

    /** What an answer delegates; empty if it is the chat's own answer. */
    Optional<Delegated> delegated(Answer.Done done) {
        JsonNode message = done.output().at("/choices/0/message");
        List<Delegated.Call> calls = new ArrayList<>();
        ArrayNode said = Json.MAPPER.createArrayNode();
        for (JsonNode call : message.path("tool_calls")) {
            if (call.at("/function/name").asString("").equals(Delegation.TOOL)) {
                calls.add(call(call));
                said.add(call);
            }
        }
        if (calls.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode kept = ((ObjectNode) message).deepCopy();
        kept.set("tool_calls", said);
        return Optional.of(
                new Delegated(calls, since.deepCopy().add(kept), done.usage(), done.model()));
    }

    /** Arguments that are no object are answered by what is missing. */
    private static Delegated.Call call(JsonNode call) {
        JsonNode arguments = json(call.at("/function/arguments").asString(""));
        return new Delegated.Call(
                call.path("id").asString(""),
                word(arguments.path("type")),
                word(arguments.path("target")),
                arguments.path("input").isObject() ? arguments.get("input") : null);
    }

    private static @Nullable String word(JsonNode value) {
        return value.isString() ? value.stringValue() : null;
    }

    private static JsonNode json(String text) {
        try {
            return Json.tree(text.getBytes(StandardCharsets.UTF_8));
        } catch (UnreadableMessageException e) {
            return Json.MAPPER.missingNode();
        }
    }
}
