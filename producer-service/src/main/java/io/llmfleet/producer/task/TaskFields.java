package io.llmfleet.producer.task;

import io.llmfleet.model.Defaults;
import io.llmfleet.model.Names;
import io.llmfleet.model.Priority;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of one request and gathers everything that is wrong with them; what it returns
 * for a wrong field is of no meaning.
 */
final class TaskFields {

    static final Duration SHORTEST_CALL = Duration.ofSeconds(1);
    static final Duration LONGEST_CALL = Duration.ofMinutes(90);
    static final Duration LONGEST_DEADLINE =
            Duration.ofDays(RetentionProperties.LONGEST_DEADLINE_DAYS);
    static final int CONVERSATION_LIMIT = 200;
    static final int METADATA_PAIRS = 16;
    static final int METADATA_KEY_LIMIT = 64;
    static final int METADATA_VALUE_LIMIT = 512;

    private static final int MOST_ERRORS = 20;

    private final JsonNode body;
    private final List<FieldError> errors = new ArrayList<>();

    TaskFields(JsonNode body) {
        this.body = body;
    }

    List<FieldError> errors() {
        return errors.size() > MOST_ERRORS ? errors.subList(0, MOST_ERRORS) : errors;
    }

    void error(String field, String message) {
        errors.add(new FieldError("/" + field, message));
    }

    void onlyThese(List<String> accepted) {
        for (String name : body.propertyNames()) {
            if (!accepted.contains(name)) {
                error(escape(name), "unknown field; accepted: " + String.join(", ", accepted));
            }
        }
    }

    /** The value, or null where it is left out or JSON's null. */
    @Nullable JsonNode value(String field) {
        JsonNode value = body.get(field);
        return value == null || value.isNull() ? null : value;
    }

    /** The object, or null where it is left out. */
    @Nullable JsonNode object(String field) {
        JsonNode value = value(field);
        if (value != null && !value.isObject()) {
            error(field, "must be a JSON object");
        }
        return value;
    }

    /** The string, or null where it is left out or no string. */
    @Nullable String string(String field) {
        JsonNode value = value(field);
        if (value != null && !value.isString()) {
            error(field, "must be a string");
            return null;
        }
        return value == null ? null : value.stringValue();
    }

    String target(Targets targets) {
        String target = string("target");
        if (target == null) {
            return Names.ANY;
        }
        if (!Names.TARGET.matcher(target).matches()) {
            error("target", "must match " + Names.TARGET.pattern());
        } else if (!targets.accepts(target)) {
            error(
                    "target",
                    "is no pool and no known model; accepted: "
                            + String.join(", ", targets.accepted()));
        }
        return target;
    }

    Priority priority() {
        String word = string("priority");
        try {
            return word == null ? Priority.NORMAL : Priority.of(word);
        } catch (IllegalArgumentException e) {
            error("priority", "must be one of: high, normal, low");
            return Priority.NORMAL;
        }
    }

    /**
     * @param now milliseconds are all that the store keeps
     */
    Instant deadline(Instant now) {
        String text = string("deadline");
        if (text == null) {
            return now.plus(Defaults.DEADLINE);
        }
        Instant deadline = now.plus(Defaults.DEADLINE);
        try {
            deadline = text.startsWith("P") ? now.plus(Duration.parse(text)) : Instant.parse(text);
        } catch (DateTimeException | ArithmeticException e) {
            error(
                    "deadline",
                    "must be an ISO 8601 time such as 2030-01-31T12:00:00Z, or a duration from now"
                            + " such as PT30M");
            return deadline;
        }
        if (!deadline.isAfter(now)) {
            error("deadline", "must be in the future; it is " + now + " now");
        } else if (deadline.isAfter(now.plus(LONGEST_DEADLINE))) {
            error("deadline", "must be within " + LONGEST_DEADLINE.toDays() + " days from now");
        }
        return deadline;
    }

    Duration callLimit() {
        String text = string("callLimit");
        if (text == null) {
            return Defaults.CALL_LIMIT;
        }
        Duration limit = Duration.ZERO;
        try {
            limit = Duration.parse(text);
        } catch (DateTimeException e) {
            // Zero is refused below, with the same message.
        }
        if (limit.compareTo(SHORTEST_CALL) < 0 || limit.compareTo(LONGEST_CALL) > 0) {
            error(
                    "callLimit",
                    "must be an ISO 8601 duration from "
                            + SHORTEST_CALL
                            + " to "
                            + LONGEST_CALL.toMinutes()
                            + " minutes, such as PT2M");
        }
        return limit;
    }

    @Nullable String conversation() {
        String conversation = string("conversation");
        if (conversation == null) {
            return null;
        }
        if (conversation.isEmpty() || conversation.length() > CONVERSATION_LIMIT) {
            error("conversation", "must have 1 to " + CONVERSATION_LIMIT + " characters");
        } else if (conversation.indexOf('\0') >= 0) {
            error("conversation", "must not have the character U+0000");
        }
        return conversation;
    }

    Map<String, String> metadata() {
        JsonNode value = object("metadata");
        Map<String, String> metadata = new LinkedHashMap<>();
        if (value == null || !value.isObject()) {
            return metadata;
        }
        if (value.size() > METADATA_PAIRS) {
            error("metadata", "must have at most " + METADATA_PAIRS + " pairs");
            return metadata;
        }
        value.properties().forEach(pair -> addPair(metadata, pair.getKey(), pair.getValue()));
        return metadata;
    }

    private void addPair(Map<String, String> metadata, String key, JsonNode value) {
        if (key.isEmpty() || key.length() > METADATA_KEY_LIMIT) {
            error("metadata", "keys must have 1 to " + METADATA_KEY_LIMIT + " characters");
        } else if (!value.isString() || value.stringValue().length() > METADATA_VALUE_LIMIT) {
            error(
                    "metadata/" + escape(key),
                    "must be a string of at most " + METADATA_VALUE_LIMIT + " characters");
        } else {
            metadata.put(key, value.stringValue());
        }
    }

    @Nullable String webhook() {
        String webhook = string("webhook");
        if (webhook != null && !WebAddress.isAccepted(webhook)) {
            error("webhook", "must be " + WebAddress.ACCEPTED);
        }
        return webhook;
    }

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
