package io.llmfleet.producer.api.rest;

import static java.util.stream.Collectors.joining;

import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.StorableJson;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.UnreadableMessageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the fields of a small JSON body and gathers what is wrong with them. */
final class RequestFields {

    private final JsonNode body;
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * @param accepted every field that there is
     * @throws BadRequestException if this is no JSON object
     */
    RequestFields(byte[] json, List<String> accepted) {
        this.body = object(json, accepted);
        for (String field : body.propertyNames()) {
            if (!accepted.contains(field)) {
                error(field, "unknown field; accepted: " + String.join(", ", accepted));
            }
        }
    }

    /** The text, or {@code fallback} if it is left out. */
    String text(String field, String fallback) {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            return fallback;
        }
        if (!value.isString()) {
            error(field, "must be a string");
            return fallback;
        }
        return value.stringValue();
    }

    /** The object, empty if it is left out. */
    JsonNode object(String field) {
        JsonNode value = body.path(field);
        if (!value.isObject() && !value.isMissingNode() && !value.isNull()) {
            error(field, "must be a JSON object");
        }
        return value.isObject() ? value : Json.MAPPER.createObjectNode();
    }

    /** Any JSON, or null if it is left out. */
    @Nullable JsonNode value(String field) {
        return body.hasNonNull(field) ? body.get(field) : null;
    }

    /**
     * All of it.
     *
     * @throws BadRequestException naming everything that is wrong so far
     */
    JsonNode whole() {
        requireValid();
        return body;
    }

    /** The number, or {@code fallback} if it is left out. */
    double number(String field, double fallback, double least, double most) {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            return fallback;
        }
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            error(field, "must be a number from " + least + " to " + most);
            return fallback;
        }
        return number;
    }

    /**
     * One of the constants, as answers name it or in lower case with hyphens; null if it is left
     * out or wrong.
     */
    <E extends Enum<E>> @Nullable E oneOf(String field, E[] accepted) {
        String text = text(field, "");
        for (E each : accepted) {
            if (word(each).equals(text) || each.name().equals(text)) {
                return each;
            }
        }
        String all = Arrays.stream(accepted).map(RequestFields::word).collect(joining(", "));
        error(field, "must be one of: " + all);
        return null;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The text, which must be there. */
    String required(String field, int longest) {
        String text = text(field, "");
        if (text.isBlank() || text.length() > longest || text.indexOf('\0') >= 0) {
            error(field, "is required: 1 to " + longest + " characters, none of them U+0000");
        }
        return text;
    }

    void error(String field, String message) {
        errors.add(new FieldError("/" + field, message));
    }

    /**
     * @throws BadRequestException naming everything that is wrong
     */
    void requireValid() {
        if (!errors.isEmpty()) {
            throw BadRequestException.of(errors);
        }
    }

    private static JsonNode object(byte[] json, List<String> accepted) {
        JsonNode body;
        try {
            body = Json.tree(json);
        } catch (UnreadableMessageException e) {
            throw BadRequestException.of("body", String.valueOf(e.getMessage()));
        }
        if (!body.isObject()) {
            throw BadRequestException.of(
                    "body",
                    "must be a JSON object with the fields: " + String.join(", ", accepted));
        }
        StorableJson.firstError(body)
                .ifPresent(
                        error -> {
                            throw BadRequestException.of(List.of(error));
                        });
        return body;
    }
}
