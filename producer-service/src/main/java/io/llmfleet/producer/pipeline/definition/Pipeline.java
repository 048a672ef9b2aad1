package io.llmfleet.producer.pipeline.definition;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A definition that was checked: several steps that work together.
 *
 * @param input JSON Schema of a run's input; null takes anything
 * @param deadline of a whole run
 * @param steps each after those that it needs, and after those that it stands in for
 * @param output what a run comes to
 * @param json the definition as it was written
 */
public record Pipeline(
        String description,
        @Nullable JsonNode input,
        Duration deadline,
        Budget budget,
        List<Step> steps,
        Template output,
        JsonNode json) {

    public Step step(String id) {
        return steps.stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
    }

    /** The steps whose fallback this one is; most are nobody's. */
    public List<Step> replacedBy(String id) {
        return steps.stream().filter(s -> id.equals(s.standIn())).toList();
    }
}
