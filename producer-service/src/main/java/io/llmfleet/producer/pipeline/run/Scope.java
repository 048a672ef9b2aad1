package io.llmfleet.producer.pipeline.run;

import io.llmfleet.producer.pipeline.definition.Step;
import io.llmfleet.wire.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What templates and expressions know. */
final class Scope {

    private final Map<String, JsonNode> values;

    private Scope(Map<String, JsonNode> values) {
        this.values = values;
    }

    /** Of these steps only, so that what is not named as needed is not read by chance. */
    static Scope of(JsonNode input, StepRecords steps, Collection<String> needs) {
        ObjectNode outputs = Json.MAPPER.createObjectNode();
        for (String id : needs) {
            JsonNode output = steps.lastOf(id).output();
            outputs.set(id, output == null ? Json.MAPPER.nullNode() : output);
        }
        return new Scope(Map.of("input", input, "steps", outputs));
    }

    Scope item(Step.Calls work, JsonNode items, int index) {
        return work.map() == null
                ? this
                : with(work.map().as(), items.get(index)).with("index", number(index));
    }

    Scope iteration(int number, JsonNode last) {
        return with("iteration", number(number)).with("last", last);
    }

    Scope with(String name, JsonNode value) {
        Map<String, JsonNode> more = new HashMap<>(values);
        more.put(name, value);
        return new Scope(more);
    }

    Map<String, JsonNode> values() {
        return values;
    }

    private static JsonNode number(int value) {
        return Json.MAPPER.valueToTree(value);
    }
}
