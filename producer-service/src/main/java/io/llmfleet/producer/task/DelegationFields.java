package io.llmfleet.producer.task;

import io.llmfleet.wire.Delegation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a request says about what its task may delegate. */
final class DelegationFields {

    private static final List<String> FIELDS = List.of("maxDepth", "maxTasks", "maxTokens");

    private DelegationFields() {}

    /** The first of a tree; null where nothing is said. */
    static @Nullable Lineage read(TaskFields fields, DelegationProperties most) {
        JsonNode object = fields.object("delegation");
        if (object == null || !object.isObject()) {
            return null;
        }
        for (String name : object.propertyNames()) {
            if (!FIELDS.contains(name)) {
                fields.error(
                        "delegation/" + TaskFields.escape(name),
                        "unknown field; accepted: " + String.join(", ", FIELDS));
            }
        }
        refuseOwnTool(fields);
        DelegationLimits usual = most.usual();
        DelegationLimits limits =
                new DelegationLimits(
                        (int) number(fields, object, "maxDepth", most.maxDepth(), usual.maxDepth()),
                        (int) number(fields, object, "maxTasks", most.maxTasks(), usual.maxTasks()),
                        number(fields, object, "maxTokens", most.maxTokens(), usual.maxTokens()));
        return new Lineage(
                null,
                null,
                0,
                limits,
                new Delegation(
                        0, most.maxRounds(), limits.maxTasks(), limits.maxTokens(), null, null));
    }

    /** Of two tools with one name, nobody could say which one a model calls. */
    private static void refuseOwnTool(TaskFields fields) {
        JsonNode input = fields.value("input");
        JsonNode tools = input == null ? null : input.get("tools");
        for (int i = 0; tools != null && i < tools.size(); i++) {
            if (tools.get(i).at("/function/name").asString("").equals(Delegation.TOOL)) {
                fields.error(
                        "input/tools/" + i + "/function/name",
                        "must not be '"
                                + Delegation.TOOL
                                + "' where the task may delegate, which offers a tool of this name");
            }
        }
    }

    private static long number(
            TaskFields fields, JsonNode object, String field, long most, long otherwise) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 1
                || value.longValue() > most) {
            fields.error("delegation/" + field, "must be a number from 1 to " + most);
            return otherwise;
        }
        return value.longValue();
    }
}
