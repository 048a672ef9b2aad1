package io.llmfleet.producer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.pipeline.definition.DefinitionReader;
import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.run.CallRecord;
import io.llmfleet.producer.pipeline.run.Next;
import io.llmfleet.producer.pipeline.run.RunPolicy;
import io.llmfleet.producer.pipeline.run.RunRecord;
import io.llmfleet.producer.pipeline.run.RunState;
import io.llmfleet.producer.pipeline.run.StepRecord;
import io.llmfleet.producer.pipeline.run.StepState;
import io.llmfleet.type.Schemas;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Each shipped pipeline with its example, its tasks answered as an LLM would. */
class ShippedPipelinesTests {

    private static final TaskTypes TYPES = TaskTypes.load(null);
    private static final Map<String, StoredPipeline> SHIPPED =
            ShippedPipelines.load(
                    new DefinitionReader(t -> TYPES.find(t).isPresent(), "any"::equals));

    private final Map<String, StepRecord> steps = new LinkedHashMap<>();
    private final List<CallRecord> calls = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "customer-service",
                "knowledge-graph",
                "question-answering",
                "translation",
                "writing"
            })
    void itsExampleRunsToItsEnd(String name) throws IOException {
        Pipeline pipeline = SHIPPED.get(name).pipeline();
        JsonNode example =
                Json.MAPPER.readTree(
                        Files.readString(Path.of("../examples/pipelines", name + ".json")));
        assertThat(Schemas.check(pipeline.input(), example.path("input"))).isEmpty();

        Next next = step(pipeline, example.path("input"));
        for (int i = 0; i < 30 && next.state() == RunState.RUNNING; i++) {
            steps.values().stream()
                    .filter(s -> s.state() == StepState.WAITING)
                    .toList()
                    .forEach(
                            s ->
                                    steps.put(
                                            s.id(),
                                            s.succeeded(
                                                    Instant.now(),
                                                    example.path("inputs").path(s.id()))));
            next = step(pipeline, example.path("input"));
        }

        assertThat(next.problem()).isNull();
        assertThat(next.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(next.output()).isNotNull();
        assertThat(next.output().valueStream().toList()).noneMatch(JsonNode::isNull);
    }

    private Next step(Pipeline pipeline, JsonNode input) {
        RunRecord run =
                new RunRecord(
                        RunState.RUNNING,
                        input,
                        Instant.now().plus(Duration.ofHours(1)),
                        List.copyOf(steps.values()),
                        calls,
                        0,
                        BigDecimal.ZERO);
        Next next = RunPolicy.next(pipeline, run, Instant.now());
        next.changed().forEach(s -> steps.put(s.id(), s));
        next.start().forEach(s -> calls.add(answered(s)));
        return next;
    }

    private CallRecord answered(Next.Start start) {
        String type = start.request().path("type").asString();
        JsonNode input = start.request().path("input");
        assertThat(TYPES.find(type).orElseThrow().checkInput(input))
                .as(start.key() + " " + input)
                .isEmpty();
        JsonNode output = output(type, input, start.key().iteration());
        return new CallRecord(
                start.key(),
                UUID.randomUUID(),
                null,
                TaskState.SUCCEEDED,
                output,
                null,
                1,
                BigDecimal.ZERO,
                Instant.now(),
                Instant.now());
    }

    private static JsonNode output(String type, JsonNode input, int iteration) {
        return json(
                switch (type) {
                    case "classify" -> "{'label':'formal letter'}";
                    case "answer" -> "{'answer':'in the database'}";
                    case "translate" -> "{'translation':'Guten Tag'}";
                    case "extract" ->
                            "{'triples':[{'subject':'Ada ','predicate':'Wrote','object':'a program'}]}";
                    case "generate" -> {
                        JsonNode fields = input.at("/schema/properties");
                        yield fields.has("score")
                                ? "{'text':'','json':{'score':0."
                                        + (3 + 3 * iteration)
                                        + ",'problems':'stiff'}}"
                                : fields.has("sections")
                                        ? "{'text':'','json':{'sections':['one','two']}}"
                                        : "{'text':'a text'}";
                    }
                    default -> throw new IllegalArgumentException(type);
                });
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
