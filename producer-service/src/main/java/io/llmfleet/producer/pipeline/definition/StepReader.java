package io.llmfleet.producer.pipeline.definition;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one step. */
final class StepReader {

    static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,39}");
    static final String ID_TEXT = "must match [a-z][a-z0-9_]{0,39}";

    /** What templates know already. */
    private static final Set<String> TAKEN =
            Set.of("input", "steps", "index", "iteration", "last", "parts", "output");

    private static final List<String> FIELDS =
            Stream.concat(
                            CallReader.FIELDS.stream(),
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

    private final CallReader calls;

    StepReader(CallReader calls) {
        this.calls = calls;
    }

    Step read(DefinitionFields fields) {
        fields.onlyThese(FIELDS);
        Expression when = fields.expression("when");
        Step.Work work = work(fields);
        Step.Fallback fallback = fallback(fields, work);
        DefinitionFields retry = fields.object("retry");
        if (retry != null) {
            retry.onlyThese(List.of("attempts"));
        }
        return new Step(
                id(fields, "id"),
                work,
                StepNeeds.of(fields, when, work, fallback),
                when,
                retry == null ? 1 : retry.whole("attempts", 1, 10, 1),
                fields.duration("deadline", DefinitionReader.LONGEST),
                fields.budget(),
                fallback);
    }

    static String id(DefinitionFields fields, String field) {
        String id = fields.text(field);
        if (id == null || !ID.matcher(id).matches()) {
            fields.error(field, "is required and " + ID_TEXT);
            return "";
        }
        return id;
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
                    default -> new Step.Calls(calls.all(fields), map(fields), loop(fields));
                };
        if (!(work instanceof Step.Calls)) {
            Stream.of("map", "loop", "input", "retry", "target")
                    .filter(fields::has)
                    .forEach(f -> fields.error(f, "is for a step with type or do"));
        }
        return work;
    }

    private static Step.Value value(DefinitionFields fields) {
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

    private Step.@Nullable Fallback fallback(DefinitionFields fields, Step.Work work) {
        DefinitionFields fallback = fields.object("fallback");
        if (fallback == null) {
            return null;
        }
        if (fallback.json().has("step")) {
            fallback.onlyThese(List.of("step"));
            return new Step.OtherStep(id(fallback, "step"));
        }
        if (fallback.json().has("value")) {
            fallback.onlyThese(List.of("value"));
            return new Step.OtherValue(value(fallback).value());
        }
        if (!(work instanceof Step.Calls)) {
            fields.error("fallback", "of a step without tasks has one of: step, value");
        }
        fallback.onlyThese(CallReader.FIELDS);
        return new Step.OtherCall(calls.one(fallback, "fallback"));
    }
}
