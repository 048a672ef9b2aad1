package io.llmfleet.producer.pipeline.definition;

import io.llmfleet.type.Schemas;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Decides whether a text is a pipeline; everything that is wrong is named with its place. */
public final class DefinitionReader {

    /** What became of a text. */
    public sealed interface Read {}

    public record Valid(Pipeline pipeline) implements Read {}

    /**
     * @param errors at least one
     */
    public record Invalid(List<DefinitionError> errors) implements Read {}

    public static final int LARGEST = 256 * 1024;
    public static final Duration LONGEST = Duration.ofDays(6);

    private static final Duration DEADLINE = Duration.ofDays(1);
    private static final int MOST_STEPS = 100;
    private static final int MOST_ERRORS = 50;
    private static final List<String> FIELDS =
            List.of("description", "input", "deadline", "budget", "steps", "output");

    private static final ObjectReader JSON =
            Json.MAPPER
                    .readerFor(JsonNode.class)
                    .with(
                            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final StepReader reader;

    public DefinitionReader(Predicate<String> knownType, Predicate<String> knownTarget) {
        this(knownType, knownTarget, delegation -> List.of());
    }

    /**
     * @param delegation what is wrong with a task's field of this name, at places within it
     */
    public DefinitionReader(
            Predicate<String> knownType,
            Predicate<String> knownTarget,
            Function<JsonNode, List<DefinitionError>> delegation) {
        this.reader = new StepReader(new CallReader(knownType, knownTarget, delegation));
    }

    /** Reads YAML or JSON; what begins with a brace is JSON. */
    public Read read(byte[] text) {
        if (text.length > LARGEST) {
            return invalid("body", "is larger than " + LARGEST + " bytes");
        }
        try {
            JsonNode json = isJson(text) ? JSON.readValue(text) : YAML.readTree(text);
            return read(json == null ? Json.MAPPER.missingNode() : json);
        } catch (JacksonException e) {
            return invalid("body", "is neither YAML nor JSON: " + Json.reason(e));
        }
    }

    private static boolean isJson(byte[] text) {
        int at = 0;
        while (at < text.length && Character.isWhitespace(text[at])) {
            at++;
        }
        return at < text.length && text[at] == '{';
    }

    public Read read(JsonNode json) {
        if (!json.isObject()) {
            return invalid("body", "must be an object with: " + String.join(", ", FIELDS));
        }
        List<DefinitionError> errors = new ArrayList<>();
        Pipeline pipeline = pipeline(new DefinitionFields(json, "", errors));
        return errors.isEmpty()
                ? new Valid(pipeline)
                : new Invalid(errors.subList(0, Math.min(MOST_ERRORS, errors.size())));
    }

    private static Invalid invalid(String place, String message) {
        return new Invalid(List.of(new DefinitionError(place, message)));
    }

    private Pipeline pipeline(DefinitionFields fields) {
        fields.onlyThese(FIELDS);
        String description = fields.text("description");
        JsonNode input = fields.value("input");
        if (input != null && !Schemas.isSchema(input)) {
            fields.error("input", "is no JSON Schema");
        }
        Duration deadline = fields.duration("deadline", LONGEST);
        Budget budget = fields.budget();
        List<Step> steps = steps(fields);
        Template output = fields.template("output");
        Set<String> ids = new HashSet<>(steps.stream().map(Step::id).toList());
        if (output != null) {
            StepGraph.unknown(output.steps(), ids).forEach(m -> fields.error("output", m));
        }
        return new Pipeline(
                description == null ? "" : description,
                input,
                deadline == null ? DEADLINE : deadline,
                budget,
                steps,
                output == null ? lastOf(steps) : output,
                fields.json());
    }

    /** A step that only stands in for another one is none. */
    private static Template lastOf(List<Step> steps) {
        Set<String> standIns =
                steps.stream()
                        .map(Step::standIn)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet());
        return steps.reversed().stream()
                .filter(s -> !standIns.contains(s.id()))
                .findFirst()
                .map(s -> new Template(Json.MAPPER.valueToTree("${steps." + s.id() + "}")))
                .orElse(Template.NULL);
    }

    private List<Step> steps(DefinitionFields fields) {
        if (!fields.has("steps")) {
            fields.error("steps", "is required: a list of 1 to " + MOST_STEPS + " objects");
            return List.of();
        }
        List<DefinitionFields> written = fields.objects("steps", MOST_STEPS);
        List<Step> steps = written.stream().map(reader::read).toList();
        StepGraph.check(steps, written);
        return StepGraph.inOrder(steps);
    }
}
