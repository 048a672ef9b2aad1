package io.llmfleet.producer.pipeline.definition;

import io.llmfleet.model.Priority;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one step. */
final class StepReader {

    static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,39}");
    static final String ID_TEXT = "must match [a-z][a-z0-9_]{0,39}";

    /** What templates know already. */
    private static final Set<String> TAKEN =
            Set.of("input", "steps", "index", "iteration", "last", "parts", "output");

    private static final List<String> CALL =
            List.of("type", "target", "priority", "input", "parameters", "callLimit");
    private static final List<String> FIELDS =
            Stream.concat(
                            CALL.stream(),
                            Stream.of(
                                    "id",
                                    "needs",
                                    "when",
                                    "map",
                                    "loop",
                                    "do",
                                    "value",
                                    "wait",
                                    "retry",
                                    "deadline",
                                    "budget",
                                    "fallback"))
                    .toList();
    private static final int MOST_CALLS = 10;

    private final Predicate<String> knownType;
    private final Predicate<String> knownTarget;

    StepReader(Predicate<String> knownType, Predicate<String> knownTarget) {
        this.knownType = knownType;
        this.knownTarget = knownTarget;
    }

    Step read(DefinitionFields fields) {
        fields.onlyThese(FIELDS);
        Expression when = fields.expression("when");
        Step.Work work = work(fields);
        Step.Fallback fallback = fallback(fields);
        DefinitionFields retry = fields.object("retry");
        if (retry != null) {
            retry.onlyThese(List.of("attempts"));
        }
        return new Step(
                id(fields),
                work,
                needs(fields, when, work, fallback),
                when,
                retry == null ? 1 : retry.whole("attempts", 1, 10, 1),
                fields.duration("deadline", DefinitionReader.LONGEST),
                fields.budget(),
                fallback);
    }

    private static String id(DefinitionFields fields) {
        String id = fields.text("id");
        if (id == null || !ID.matcher(id).matches()) {
            fields.error("id", "is required and " + ID_TEXT);
            return "";
        }
        return id;
    }

    private static Set<String> needs(
            DefinitionFields fields,
            @Nullable Expression when,
            Step.Work work,
            Step.@Nullable Fallback fallback) {
        Set<String> needs = new TreeSet<>();
        JsonNode written = fields.value("needs");
        if (written != null && !written.isArray()) {
            fields.error("needs", "must be a list of ids of steps");
        } else if (written != null) {
            written.forEach(n -> needs.add(n.asString("")));
        }
        if (when != null) {
            needs.addAll(when.steps());
        }
        switch (work) {
            case Step.Value v -> needs.addAll(v.value().steps());
            case Step.Wait _ -> {}
            case Step.Calls c -> needs.addAll(needsOf(c));
        }
        if (fallback != null && fallback.call() != null) {
            needs.addAll(fallback.call().request().steps());
        }
        if (fallback != null && fallback.value() != null) {
            needs.addAll(fallback.value().steps());
        }
        return needs;
    }

    private static Set<String> needsOf(Step.Calls work) {
        Set<String> needs = new TreeSet<>();
        work.calls().forEach(c -> needs.addAll(c.request().steps()));
        if (work.map() != null) {
            needs.addAll(work.map().over().steps());
        }
        if (work.loop() != null && work.loop().until() != null) {
            needs.addAll(work.loop().until().steps());
        }
        return needs;
    }

    private Step.Work work(DefinitionFields fields) {
        List<String> kinds =
                Stream.of("type", "do", "value", "wait").filter(fields.json()::has).toList();
        if (kinds.size() != 1) {
            fields.error("type", "a step has one of: type, do, value, wait; this one has " + kinds);
            return new Step.Value(Template.NULL);
        }
        Step.Work work =
                switch (kinds.getFirst()) {
                    case "value" -> value(fields);
                    case "wait" -> wait(fields);
                    default -> new Step.Calls(calls(fields), map(fields), loop(fields));
                };
        if (!(work instanceof Step.Calls)) {
            Stream.of("map", "loop", "input", "retry", "target")
                    .filter(fields::has)
                    .forEach(f -> fields.error(f, "is for a step with type or do"));
        }
        return work;
    }

    private static Step.Work value(DefinitionFields fields) {
        Template value = fields.template("value");
        return new Step.Value(value == null ? Template.NULL : value);
    }

    private static Step.Work wait(DefinitionFields fields) {
        DefinitionFields wait = fields.object("wait");
        if (wait == null) {
            return new Step.Wait("", null);
        }
        wait.onlyThese(List.of("for", "timeout"));
        String reason = wait.text("for");
        Duration timeout = wait.duration("timeout", DefinitionReader.LONGEST);
        return new Step.Wait(reason == null ? "" : reason, timeout);
    }

    private Step.@Nullable MapOver map(DefinitionFields fields) {
        DefinitionFields map = fields.object("map");
        if (map == null) {
            return null;
        }
        map.onlyThese(List.of("over", "as", "parallel", "max"));
        Expression over = map.expression("over");
        if (!map.has("over")) {
            map.error("over", "is required: an expression for a list");
        }
        String as = map.text("as");
        if (as != null && (!ID.matcher(as).matches() || TAKEN.contains(as))) {
            map.error(
                    "as", ID_TEXT + " and be none of: " + String.join(", ", new TreeSet<>(TAKEN)));
        }
        return new Step.MapOver(
                over == null ? new Expression("[]") : over,
                as == null ? "item" : as,
                map.whole("parallel", 1, 100, 4),
                map.whole("max", 1, 500, 100));
    }

    private static Step.@Nullable Loop loop(DefinitionFields fields) {
        DefinitionFields loop = fields.object("loop");
        if (loop == null) {
            return null;
        }
        loop.onlyThese(List.of("until", "max"));
        if (!loop.has("max")) {
            loop.error("max", "is required: a whole number from 1 to 50");
        }
        return new Step.Loop(loop.expression("until"), loop.whole("max", 1, 50, 1));
    }

    private List<Call> calls(DefinitionFields fields) {
        if (fields.has("type")) {
            return List.of(call(fields, "main"));
        }
        List<Call> calls = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (DefinitionFields part : fields.objects("do", MOST_CALLS)) {
            part.onlyThese(Stream.concat(Stream.of("id"), CALL.stream()).toList());
            String id = id(part);
            if (!ids.add(id)) {
                part.error("id", "'" + id + "' is another part's too");
            }
            calls.add(call(part, id));
        }
        return calls;
    }

    private Step.@Nullable Fallback fallback(DefinitionFields fields) {
        DefinitionFields fallback = fields.object("fallback");
        if (fallback == null) {
            return null;
        }
        if (fallback.json().has("value")) {
            fallback.onlyThese(List.of("value"));
            return new Step.Fallback(null, fallback.template("value"));
        }
        fallback.onlyThese(CALL);
        return new Step.Fallback(call(fallback, "fallback"), null);
    }

    private Call call(DefinitionFields fields, String id) {
        String type = fields.text("type");
        if (type == null || !knownType.test(type)) {
            fields.error("type", type == null ? "is required" : "there is no type '" + type + "'");
        }
        String target = fields.text("target");
        if (target != null && !target.contains("${") && !knownTarget.test(target)) {
            fields.error("target", "is no pool and no known model");
        }
        checkPriority(fields);
        if (!fields.has("input")) {
            fields.error("input", "is required: of the shape of the type's input schema");
        }
        ObjectNode request = Json.MAPPER.createObjectNode();
        for (String field : CALL) {
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
}
