package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.api.openai.OpenAiException;
import java.util.Collection;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads fields of a response's request, and says what is accepted where they are wrong. */
final class ResponseFields {

    private ResponseFields() {}

    /** The value, unless it is left out or JSON's null. */
    static Optional<JsonNode> value(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    /** The text, unless it is left out or JSON's null. */
    static Optional<String> text(JsonNode object, String field, String at) {
        return value(object, field)
                .map(
                        v -> {
                            if (!v.isString()) {
                                throw wrong(at + field, "must be a string");
                            }
                            return v.stringValue();
                        });
    }

    static String required(JsonNode object, String field, String at) {
        return text(object, field, at).orElseThrow(() -> wrong(at + field, "is required"));
    }

    static boolean flag(JsonNode object, String field, boolean otherwise) {
        Optional<JsonNode> value = value(object, field);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw wrong(field, "must be true or false");
        }
        return value.map(JsonNode::booleanValue).orElse(otherwise);
    }

    static OpenAiException wrong(String param, String what) {
        return OpenAiException.invalid(param, "invalid_value", param + " " + what);
    }

    static OpenAiException unsupported(String param, String value, Collection<String> accepted) {
        return OpenAiException.invalid(
                param,
                "unsupported",
                param
                        + ": '"
                        + value
                        + "' is not supported; accepted: "
                        + String.join(", ", accepted));
    }
}
