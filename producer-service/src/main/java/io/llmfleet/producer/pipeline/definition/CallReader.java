package io.llmfleet.producer.pipeline.definition;

import io.llmfleet.model.Priority;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the tasks of a step. */
final class CallReader {

    /** Those of a task's request that a step may give. */
    static final List<String> FIELDS =
            List.of("type", "target", "priority", "input", "parameters", "callLimit", "delegation");

    private static final int MOST = 10;

    private final Predicate<String> knownType;
    private final Predicate<String> knownTarget;
    private final Function<JsonNode, List<DefinitionError>> delegation;

    /**
     * @param delegation what is wrong with a task's field of this name, at places within it
     */
    CallReader(
            Predicate<String> knownType,
            Predicate<String> knownTarget,
            Function<JsonNode, List<DefinitionError>> delegation) {
        this.knownType = knownType;
        this.knownTarget = knownTarget;
        this.delegation = delegation;
    }

    /** The one that the step is, or those that it lists. */
    List<Call> all(DefinitionFields fields) {
        if (fields.has("type")) {
            return List.of(one(fields, "main"));
        }
        List<Call> calls = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (DefinitionFields part : fields.objects("do", MOST)) {
            part.onlyThese(Stream.concat(Stream.of("id"), FIELDS.stream()).toList());
            String id = StepReader.id(part, "id");
            if (!ids.add(id)) {
                part.error("id", "'" + id + "' is another part's too");
            }
            calls.add(one(part, id));
        }
        return calls;
    }

    Call one(DefinitionFields fields, String id) {
        String type = fields.text("type");
        if (type == null || !knownType.test(type)) {
            fields.error("type", type == null ? "is required" : "there is no type '" + type + "'");
        }
        String target = fields.text("target");
        if (target != null && !isTemplate(target) && !knownTarget.test(target)) {
            fields.error("target", "is no pool and no known model");
        }
        checkPriority(fields);
        checkDelegation(fields);
        if (!fields.has("input")) {
            fields.error("input", "is required: of the shape of the type's input schema");
        }
        ObjectNode request = Json.MAPPER.createObjectNode();
        for (String field : FIELDS) {
            Template template = fields.template(field);
            if (template != null) {
                request.set(field, template.json());
            }
        }
        return new Call(id, new Template(request));
    }

    private static void checkPriority(DefinitionFields fields) {
        String priority = fields.text("priority");
        try {
            var _ = priority == null ? null : Priority.of(priority);
        } catch (IllegalArgumentException e) {
            fields.error("priority", "must be one of: high, normal, low");
        }
    }

    /** What templates will make of it is checked with the task. */
    private void checkDelegation(DefinitionFields fields) {
        DefinitionFields written = fields.object("delegation");
        if (written == null) {
            return;
        }
        ObjectNode fixed = ((ObjectNode) written.json()).deepCopy();
        written.json().properties().stream()
                .filter(f -> isTemplate(f.getValue().asString("")))
                .forEach(f -> fixed.remove(f.getKey()));
        delegation.apply(fixed).forEach(e -> written.error(e.place(), e.message()));
    }

    private static boolean isTemplate(String text) {
        return text.contains("${");
    }
}
