package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.Service;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A whole fleet as {@code ./fleet up} starts it, with its built-in engine. */
class EndToEndIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir static Path folder;
    private static RunningFleet fleet;
    private static FleetApi api;

    @BeforeAll
    static void up() {
        fleet = RunningFleet.start(folder, Map.of());
        api = fleet.api();
    }

    @AfterAll
    static void down() {
        if (fleet != null) {
            fleet.close();
        }
    }

    static Stream<Path> examples() throws IOException {
        return Files.list(RunningFleet.ROOT.resolve("examples"))
                .filter(f -> f.toString().endsWith(".json"))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersEveryExample(Path example) throws IOException {
        JsonNode asked = Json.MAPPER.readTree(Files.readString(example));

        JsonNode task = finished(api.submit(asked));

        assertThat(task.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(task.path("route").path("pool").asString()).isEqualTo("default");
        JsonNode result = task.path("result");
        assertThat(result.path("model").asString()).isEqualTo("builtin-minilm");
        assertThat(result.path("usage").path("inputTokens").asInt()).isPositive();
        checkOutput(asked, result.path("output"));
    }

    private static void checkOutput(JsonNode asked, JsonNode output) {
        String text = asked.path("input").path("text").asString("");
        switch (asked.path("type").asString()) {
            case "chat" ->
                    assertThat(output.at("/choices/0/message/content").asString()).isNotBlank();
            case "generate" -> assertThat(output.path("text").asString()).isNotBlank();
            case "summarize" -> {
                String summary = output.path("summary").asString();
                assertThat(summary).isNotBlank().hasSizeLessThan(text.length());
            }
            case "classify" ->
                    assertThat(output.path("label").asString()).isIn("billing", "happy customer");
            case "extract" -> assertThat(output.path("keyPhrases")).isNotEmpty();
            case "answer" ->
                    assertThat(output.path("answer").asString()).contains("dead letter queue");
            case "embed" -> assertThat(output.at("/data/0/embedding")).hasSize(384);
            default -> throw new AssertionError("an example of a type without a check: " + asked);
        }
    }

    @Test
    void whatTheBuiltInEngineCannotDoFailsAtOnceAndNamesWhatToConfigure() {
        ObjectNode translate = Json.MAPPER.createObjectNode().put("type", "translate");
        translate.putObject("input").put("text", "Guten Tag").put("to", "en");

        JsonNode task = finished(api.submit(translate));

        assertThat(task.path("state").asString()).isEqualTo("FAILED");
        assertThat(task.at("/failure/code").asString()).isEqualTo("UNSUPPORTED");
        assertThat(task.at("/failure/message").asString()).contains("LLM_BASE_URL");
        assertThat(api.get("/dead-letters").path("items").path(0).path("taskId"))
                .isEqualTo(task.path("id"));
    }

    @Test
    void bulkOfAThousandSucceedsWithEveryOutputRight() {
        List<ObjectNode> lines =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> summarize("Parcel " + i + " arrived."))
                        .toList();

        List<JsonNode> answer = api.submitBulk(lines);

        String batch = answer.getFirst().path("batch").asString();
        await().atMost(PATIENCE)
                .until(() -> api.get("/batches/" + batch).path("finished").asBoolean());
        JsonNode counts = api.get("/batches/" + batch);
        assertThat(counts.path("total").asInt()).isEqualTo(1_000);
        assertThat(counts.path("states").path("SUCCEEDED").asInt()).isEqualTo(1_000);
        for (int i = 0; i < lines.size(); i++) {
            JsonNode task = api.get("/tasks/" + answer.get(i + 1).path("id").asString());
            assertThat(task.at("/result/output/summary").asString())
                    .isEqualTo("Parcel " + i + " arrived.");
        }
    }

    @Test
    void restartedProducerKnowsEveryTaskThatWasAccepted() throws InterruptedException {
        Set<String> accepted = new HashSet<>();
        Thread killer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    await().until(() -> size(accepted) >= 50);
                                    fleet.fleet().home().service(Service.PRODUCER, 1).kill();
                                });
        try {
            for (int i = 0; i < 5_000; i++) {
                String id =
                        api.submit(summarize("Letter " + i + " arrived.")).path("id").asString();
                synchronized (accepted) {
                    accepted.add(id);
                }
            }
        } catch (FleetException killed) {
            assertThat(killed.exitCode()).isEqualTo(FleetException.UNREACHABLE);
        }
        killer.join();
        long router = fleet.fleet().home().service(Service.ROUTER, 1).process().orElseThrow().pid();

        fleet.fleet().up(false);

        assertThat(fleet.fleet().home().service(Service.ROUTER, 1).process().orElseThrow().pid())
                .as("only what died is started again")
                .isEqualTo(router);
        List<String> unfinished = new ArrayList<>(accepted);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            unfinished.removeIf(id -> FleetApi.isFinal(api.get("/tasks/" + id)));
                            assertThat(unfinished).isEmpty();
                        });
    }

    private static int size(Set<String> ids) {
        synchronized (ids) {
            return ids.size();
        }
    }

    private static ObjectNode summarize(String text) {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "summarize");
        task.putObject("input").put("text", text);
        return task;
    }

    private static JsonNode finished(JsonNode task) {
        String id = task.path("id").asString();
        return await().atMost(PATIENCE).until(() -> api.await(id), FleetApi::isFinal);
    }
}
