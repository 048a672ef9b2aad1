package io.llmfleet.producer.pipeline.definition;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the steps that must be over before one: those that it names, and those that it reads. */
final class StepNeeds {

    private StepNeeds() {}

    static Set<String> of(
            DefinitionFields fields,
            @Nullable Expression when,
            Step.Work work,
            Step.@Nullable Fallback fallback) {
        Set<String> needs = named(fields);
        if (when != null) {
            needs.addAll(when.steps());
        }
        switch (work) {
            case Step.Value v -> needs.addAll(v.value().steps());
            case Step.Wait _ -> {}
            case Step.Calls c -> needs.addAll(of(c));
        }
        switch (fallback) {
            case Step.OtherCall c -> needs.addAll(c.call().request().steps());
            case Step.OtherValue v -> needs.addAll(v.value().steps());
            case Step.OtherStep _ -> {}
            case null -> {}
        }
        return needs;
    }

    private static Set<String> named(DefinitionFields fields) {
        Set<String> needs = new TreeSet<>();
        JsonNode written = fields.value("needs");
        if (written != null && !written.isArray()) {
            fields.error("needs", "must be a list of ids of steps");
        } else if (written != null) {
            written.forEach(n -> needs.add(n.asString("")));
        }
        return needs;
    }

    private static Set<String> of(Step.Calls work) {
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
}
