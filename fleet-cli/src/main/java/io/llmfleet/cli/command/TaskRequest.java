package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the body of a request out of what a person gives: a whole task, an input, or a plain text.
 */
final class TaskRequest {

    private static final Set<String> PROMPTED = Set.of("generate");

    private TaskRequest() {}

    /**
     * @param content the JSON of a whole task (it has {@code type} and {@code input}) or of an
     *     input; anything else is a text
     */
    static ObjectNode of(String type, String content) {
        JsonNode json = json(content);
        if (json == null || !json.isObject()) {
            return ofText(type, content.strip());
        }
        if (json.has("type") && json.has("input")) {
            String own = json.get("type").asString("");
            if (!own.equals(type)) {
                throw new FleetException(
                        FleetException.USAGE,
                        "the file has a task of type '" + own + "', not '" + type + "'",
                        null);
            }
            return (ObjectNode) json;
        }
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", type);
        task.set("input", json);
        return task;
    }

    static ObjectNode ofText(String type, String text) {
        if (text.isEmpty()) {
            throw new FleetException(FleetException.USAGE, "the input is empty", null);
        }
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", type);
        task.putObject("input").put(PROMPTED.contains(type) ? "prompt" : "text", text);
        return task;
    }

    private static @org.jspecify.annotations.Nullable JsonNode json(String content) {
        try {
            return Json.MAPPER.readTree(content);
        } catch (JacksonException e) {
            if (content.strip().startsWith("{")) {
                throw new FleetException(
                        FleetException.USAGE, "the input is no JSON: " + Json.reason(e), e);
            }
            return null;
        }
    }

    /**
     * @param file {@code -} for standard input
     */
    static String read(String file) {
        try {
            return file.equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new FleetException(
                    FleetException.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
