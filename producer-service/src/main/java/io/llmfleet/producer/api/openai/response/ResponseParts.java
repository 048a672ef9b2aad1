package io.llmfleet.producer.api.openai.response;

import io.llmfleet.wire.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a chat message's content of an item's content. */
final class ResponseParts {

    private static final List<String> ACCEPTED =
            List.of(
                    "input_text",
                    "output_text",
                    "refusal",
                    "input_image",
                    "input_file",
                    "input_audio");

    private ResponseParts() {}

    /**
     * What is nothing but one text becomes that text, which every backend takes.
     *
     * @param at where the content is in the request
     */
    static JsonNode content(JsonNode content, String at) {
        if (content.isString()) {
            return content;
        }
        if (!content.isArray() || content.isEmpty()) {
            throw ResponseFields.wrong(at, "must be a text or a list of parts");
        }
        ArrayNode parts = Json.MAPPER.createArrayNode();
        for (JsonNode part : content) {
            parts.add(part(part, at + "[" + parts.size() + "]."));
        }
        return parts.size() == 1 && parts.get(0).path("type").asString("").equals("text")
                ? parts.get(0).get("text")
                : parts;
    }

    /** All the texts as one, for what can only be a text. */
    static String text(JsonNode content, String at) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        JsonNode parts = content(content, at);
        if (parts.isString()) {
            return parts.stringValue();
        }
        for (int i = 0; i < parts.size(); i++) {
            String type = parts.get(i).path("type").asString("");
            if (!type.equals("text") && !type.equals("refusal")) {
                String said = content.get(i).path("type").asString("");
                throw ResponseFields.unsupported(
                        at + "[" + i + "].type",
                        said,
                        List.of("input_text", "output_text", "refusal"));
            }
            text.append(parts.get(i).path(type).asString(""));
        }
        return text.toString();
    }

    private static ObjectNode part(JsonNode part, String at) {
        ObjectNode chat = Json.MAPPER.createObjectNode();
        String type = part.path("type").asString("");
        switch (type) {
            case "input_text", "output_text", "text" ->
                    chat.put("type", "text").put("text", ResponseFields.required(part, "text", at));
            case "refusal" ->
                    chat.put("type", type).put(type, ResponseFields.required(part, "refusal", at));
            case "input_image" -> image(part, at, chat);
            case "input_file" -> file(part, at, chat);
            case "input_audio" -> chat.put("type", type).set(type, part.path(type));
            default -> throw ResponseFields.unsupported(at + "type", type, ACCEPTED);
        }
        return chat;
    }

    private static void image(JsonNode part, String at, ObjectNode chat) {
        ObjectNode image = chat.put("type", "image_url").putObject("image_url");
        image.put("url", ResponseFields.required(part, "image_url", at));
        ResponseFields.value(part, "detail").ifPresent(d -> image.set("detail", d));
    }

    private static void file(JsonNode part, String at, ObjectNode chat) {
        ObjectNode file = chat.put("type", "file").putObject("file");
        for (String field : List.of("file_id", "file_data", "filename")) {
            ResponseFields.text(part, field, at).ifPresent(v -> file.put(field, v));
        }
        if (!file.has("file_id") && !file.has("file_data")) {
            throw ResponseFields.wrong(at + "file_data", "or file_id is required");
        }
    }
}
