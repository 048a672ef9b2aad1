package io.llmfleet.producer.task;

import io.llmfleet.model.Defaults;
import io.llmfleet.model.Ids;
import io.llmfleet.type.TaskType;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/**
 * Decides whether bytes are a task that may be accepted, the same for every way in; everything that
 * is wrong is named, and nothing is half-accepted.
 */
public final class TaskRequestParser {

    /** Every field of a request. */
    public static final List<String> FIELDS =
            List.of(
                    "type",
                    "input",
                    "parameters",
                    "target",
                    "priority",
                    "deadline",
                    "callLimit",
                    "conversation",
                    "turn",
                    "delegation",
                    "metadata",
                    "webhook");

    private static final ObjectReader READER =
            Json.MAPPER
                    .readerFor(JsonNode.class)
                    .with(
                            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final TaskTypes types;
    private final Targets targets;
    private final DelegationProperties delegation;
    private final Clock clock;

    public TaskRequestParser(
            TaskTypes types, Targets targets, DelegationProperties delegation, Clock clock) {
        this.types = types;
        this.targets = targets;
        this.delegation = delegation;
        this.clock = clock;
    }

    /** Reads a whole request. */
    public ParsedTask parse(byte[] json, TaskOrigin origin) {
        JsonNode body;
        try {
            body = read(json);
        } catch (JacksonException e) {
            return ParsedTask.Invalid.of("body", reason(e));
        }
        return tooDeep(body, origin).orElseGet(() -> check(body, null, origin));
    }

    /** Reads a request that is JSON already. */
    public ParsedTask parse(JsonNode body, TaskOrigin origin) {
        return check(body, null, origin);
    }

    /**
     * Reads an AMQP client's message, whose routing key may say the type and the target. A body
     * whose {@code input} is no object is taken for the input itself.
     */
    public ParsedTask parse(byte[] json, String type, String target, TaskOrigin origin) {
        JsonNode body;
        try {
            body = read(json);
        } catch (JacksonException e) {
            return ParsedTask.Invalid.of("body", reason(e));
        }
        JsonNode task =
                body.isObject() && body.path("input").isObject()
                        ? body
                        : Json.MAPPER.createObjectNode().set("input", body);
        return tooDeep(body, origin).orElseGet(() -> check(task, new Key(type, target), origin));
    }

    /** What is wrong with a field {@code delegation} of requests to come. */
    public List<FieldError> checkDelegation(JsonNode delegation) {
        TaskFields fields =
                new TaskFields(Json.MAPPER.createObjectNode().set("delegation", delegation));
        var _ = DelegationFields.read(fields, this.delegation);
        return fields.errors();
    }

    private static Optional<ParsedTask> tooDeep(JsonNode body, TaskOrigin origin) {
        return JsonDepth.refusal(body, origin.depth()).map(r -> ParsedTask.Invalid.of("body", r));
    }

    /** What a routing key says, for what the body leaves out. */
    private record Key(String type, String target) {}

    private static JsonNode read(byte[] json) {
        JsonNode body = READER.readValue(json);
        return body == null ? Json.MAPPER.missingNode() : body;
    }

    private ParsedTask check(JsonNode body, @Nullable Key key, TaskOrigin origin) {
        if (!body.isObject()) {
            return ParsedTask.Invalid.of(
                    "body", "must be a JSON object with the fields: " + String.join(", ", FIELDS));
        }
        Optional<FieldError> unstorable = StorableJson.firstError(body);
        if (unstorable.isPresent()) {
            return new ParsedTask.Invalid(List.of(unstorable.get()));
        }
        JsonNode complete = key == null ? body : withKey(body, key);
        TaskFields fields = new TaskFields(complete);
        NewTask task = task(fields, origin);
        return fields.errors().isEmpty()
                ? new ParsedTask.Valid(task)
                : new ParsedTask.Invalid(fields.errors());
    }

    private static JsonNode withKey(JsonNode body, Key key) {
        var complete = Json.MAPPER.createObjectNode();
        complete.put("type", key.type()).put("target", key.target());
        body.properties().forEach(field -> complete.set(field.getKey(), field.getValue()));
        return complete;
    }

    private NewTask task(TaskFields fields, TaskOrigin origin) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        fields.onlyThese(FIELDS);
        String type = fields.string("type");
        JsonNode input = fields.object("input");
        checkInput(fields, type, input);
        return new NewTask(
                Ids.newId(),
                origin.tenant(),
                origin.key(),
                type == null ? "" : type,
                fields.target(targets),
                fields.priority(),
                input == null ? Json.MAPPER.missingNode() : input,
                fields.object("parameters"),
                fields.deadline(now),
                fields.callLimit(),
                fields.conversation(),
                TurnFields.read(fields, type, origin),
                fields.metadata(),
                fields.webhook(),
                origin.webhookKind(),
                origin.batch(),
                origin.replyTo(),
                origin.traceParent(),
                DelegationFields.read(fields, delegation));
    }

    private void checkInput(TaskFields fields, @Nullable String name, @Nullable JsonNode input) {
        if (fields.value("type") == null) {
            fields.error("type", "is required; accepted: " + String.join(", ", types.names()));
        }
        Optional<TaskType> type = name == null ? Optional.empty() : types.find(name);
        if (name != null && type.isEmpty()) {
            fields.error("type", "unknown type; accepted: " + String.join(", ", types.names()));
        }
        if (input == null) {
            fields.error("input", "is required: an object of the shape of the type's input schema");
        } else if (type.isPresent() && input.isObject()) {
            type.get().checkInput(input).forEach(e -> inputError(fields, type.get(), e));
        }
    }

    /**
     * Splits {@code <JSON pointer>: <what is expected>}; no pointer of a schema holds a colon and a
     * space.
     */
    private static void inputError(TaskFields fields, TaskType type, String error) {
        int colon = error.indexOf(": ");
        String pointer = error.substring(0, Math.max(colon, 0));
        String message = error.substring(colon < 0 ? 0 : colon + 2);
        boolean unknownField =
                pointer.lastIndexOf('/') == 0
                        && !type.input().path("properties").has(pointer.substring(1));
        String accepted =
                unknownField
                        ? "; accepted: "
                                + String.join(", ", type.input().path("properties").propertyNames())
                        : "";
        fields.error("input" + pointer, message + accepted);
    }

    private static String reason(JacksonException e) {
        if (e instanceof StreamConstraintsException && e.getOriginalMessage().contains("nesting")) {
            return "is nested too deep; accepted: up to " + Defaults.MAX_JSON_DEPTH + " levels";
        }
        return "is not valid JSON: " + Json.reason(e);
    }
}
