package io.llmfleet.producer.job;

import io.llmfleet.model.Defaults;
import io.llmfleet.producer.batch.NdjsonLines;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.StorableJson;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.UnreadableMessageException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides whether a line of an input file is a request that a job may take; it knows the lines
 * before, whose ids may not come again.
 */
final class LinePolicy {

    /** The most lines of one file. */
    static final int MOST_LINES = 50_000;

    static final int LONGEST_ID = 512;

    /** What became of a line. */
    sealed interface Checked {

        record Good(String customId, ObjectNode body) implements Checked {}

        record Bad(JobError error) implements Checked {}
    }

    private final String endpoint;
    private final Set<String> ids = new HashSet<>();
    private int count;

    /**
     * @param endpoint that every line has to name
     */
    LinePolicy(String endpoint) {
        this.endpoint = endpoint;
    }

    Checked check(NdjsonLines.Line line) {
        int number = line.number();
        if (++count > MOST_LINES) {
            return bad("too_many_lines", number, null, "accepted: up to " + MOST_LINES + " lines");
        }
        byte[] bytes = line.json();
        if (bytes == null) {
            return bad(
                    "line_too_long",
                    number,
                    null,
                    "accepted: up to " + Defaults.MAX_REQUEST_BYTES + " bytes");
        }
        JsonNode json;
        try {
            json = Json.tree(bytes);
        } catch (UnreadableMessageException e) {
            return bad("invalid_json_line", number, null, "is not valid JSON");
        }
        return json instanceof ObjectNode object
                ? check(object, number)
                : bad("invalid_json_line", number, null, "must be a JSON object");
    }

    private Checked check(ObjectNode line, int number) {
        Optional<FieldError> unstorable = StorableJson.firstError(line);
        if (unstorable.isPresent()) {
            FieldError e = unstorable.get();
            return bad("invalid_json_line", number, e.field(), e.message());
        }
        String id = text(line, "custom_id");
        if (id.isEmpty() || id.length() > LONGEST_ID || id.indexOf('\0') >= 0) {
            return bad(
                    id.isEmpty() ? "missing_required_parameter" : "invalid_custom_id",
                    number,
                    "custom_id",
                    "custom_id must be a text of 1 to " + LONGEST_ID + " characters");
        }
        if (!ids.add(id)) {
            return bad(
                    "duplicate_custom_id",
                    number,
                    "custom_id",
                    "custom_id is that of another line; accepted: one of its own for each line");
        }
        if (!text(line, "method").equals("POST")) {
            return bad("invalid_method", number, "method", "method must be POST");
        }
        if (!text(line, "url").equals(endpoint)) {
            return bad(
                    "mismatched_url",
                    number,
                    "url",
                    "url must be " + endpoint + ", the endpoint of the batch");
        }
        return line.path("body") instanceof ObjectNode body
                ? checkBody(id, body, number)
                : bad("invalid_body", number, "body", "body must be a JSON object");
    }

    private static Checked checkBody(String id, ObjectNode body, int number) {
        return body.path("stream").asBoolean(false)
                ? bad(
                        "stream_not_supported",
                        number,
                        "body.stream",
                        "body.stream cannot be true in a batch; leave it out")
                : new Checked.Good(id, body);
    }

    private static String text(ObjectNode line, String field) {
        return line.path(field).isString() ? line.path(field).stringValue() : "";
    }

    private static Checked bad(String code, int line, @Nullable String param, String message) {
        return new Checked.Bad(new JobError(code, line, "Line " + line + ": " + message, param));
    }
}
