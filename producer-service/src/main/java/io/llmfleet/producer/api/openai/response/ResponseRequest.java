package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a chat of what a response is asked for: fields that a chat has, too, are passed on, and
 * those that nobody knows are passed over.
 */
record ResponseRequest(ObjectNode body) {

    /** Of the same name and meaning in a chat. */
    private static final List<String> SAME =
            List.of(
                    "model",
                    "temperature",
                    "top_p",
                    "top_logprobs",
                    "user",
                    "safety_identifier",
                    "prompt_cache_key",
                    "service_tier",
                    "seed",
                    "stop",
                    "frequency_penalty",
                    "presence_penalty");

    /** A chat's fields by where a response has them. */
    private static final Map<String, String> RENAMED =
            Map.of(
                    "/reasoning/effort", "reasoning_effort",
                    "/text/verbosity", "verbosity");

    /** What would change the answer if it were passed over. */
    private static final Map<String, String> INSTEAD =
            Map.of("conversation", "previous_response_id", "prompt", "instructions and input");

    private static final List<String> FORMATS = List.of("text", "json_object", "json_schema");

    boolean background() {
        return ResponseFields.flag(body, "background", false);
    }

    /** Whether it can be asked for later. */
    boolean store() {
        return ResponseFields.flag(body, "store", true);
    }

    Optional<String> previous() {
        return ResponseFields.text(body, "previous_response_id", "");
    }

    /**
     * The body of a chat completion.
     *
     * @param earlier chat messages that go before the input
     * @throws OpenAiException if it cannot be asked for by a chat, naming the field
     */
    ObjectNode chat(ArrayNode earlier) {
        refuse();
        ObjectNode chat = Json.MAPPER.createObjectNode();
        ArrayNode messages = chat.putArray("messages");
        ResponseFields.text(body, "instructions", "")
                .ifPresent(i -> messages.addObject().put("role", "system").put("content", i));
        messages.addAll(earlier).addAll(ResponseInput.messages(body.path("input")));
        if (messages.isEmpty()) {
            throw ResponseFields.wrong("input", "must have an item");
        }
        SAME.forEach(f -> ResponseFields.value(body, f).ifPresent(v -> chat.set(f, v)));
        RENAMED.forEach((from, to) -> rename(from, to, chat));
        rename("/max_output_tokens", limitName(), chat);
        if (chat.path("top_logprobs").asInt(0) > 0) {
            chat.put("logprobs", true);
        } else {
            chat.remove("top_logprobs");
        }
        ResponseTools.translate(body, chat);
        ResponseFields.value(body.path("text"), "format").ifPresent(f -> format(f, chat));
        if (ResponseFields.flag(body, "stream", false)) {
            chat.put("stream", true);
        }
        return chat;
    }

    private void refuse() {
        INSTEAD.forEach(
                (field, instead) -> {
                    if (ResponseFields.value(body, field).isPresent()) {
                        throw OpenAiException.invalid(
                                field,
                                "unsupported",
                                field + " is not supported; accepted: " + instead);
                    }
                });
        if (background() && !store()) {
            throw ResponseFields.wrong("store", "must be true for a response with background");
        }
    }

    /**
     * Many backends know only the older name and pass over the newer one, so that nothing would be
     * limited; models that reason take only the newer.
     */
    private String limitName() {
        return ResponseFields.value(body, "reasoning").isPresent()
                ? "max_completion_tokens"
                : "max_tokens";
    }

    private void rename(String from, String to, ObjectNode chat) {
        JsonNode value = body.at(from);
        if (!value.isMissingNode() && !value.isNull()) {
            chat.set(to, value);
        }
    }

    private static void format(JsonNode format, ObjectNode chat) {
        String type = format.path("type").asString("");
        switch (type) {
            case "text" -> {
                // What a chat does by itself.
            }
            case "json_object" -> chat.putObject("response_format").put("type", type);
            case "json_schema" -> {
                ObjectNode schema =
                        chat.putObject("response_format").put("type", type).putObject(type);
                schema.put("name", ResponseFields.required(format, "name", "text.format."));
                for (String field : List.of("description", "schema", "strict")) {
                    ResponseFields.value(format, field).ifPresent(v -> schema.set(field, v));
                }
            }
            default -> throw ResponseFields.unsupported("text.format.type", type, FORMATS);
        }
    }
}
