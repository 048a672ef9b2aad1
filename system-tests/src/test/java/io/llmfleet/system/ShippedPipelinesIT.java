package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The shipped pipelines with their examples, on the built-in engine. */
class ShippedPipelinesIT {

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
        return Files.list(RunningFleet.ROOT.resolve("examples/pipelines")).sorted();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void goesAsFarAsTheBuiltInEngineGoes(Path file) throws IOException {
        JsonNode example = Json.MAPPER.readTree(Files.readString(file));
        String name = example.path("pipeline").asString();
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.set("input", example.path("input"));
        String path =
                "/runs/" + api.post("/pipelines/" + name + "/runs", body).path("id").asString();
        example.path("inputs")
                .properties()
                .forEach(
                        input -> {
                            await().atMost(PATIENCE).until(() -> waits(path, input.getKey()));
                            String step = path + "/steps/" + input.getKey() + "/input";
                            api.post(step, input.getValue());
                        });

        JsonNode run = await().atMost(PATIENCE).until(() -> api.get(path), FleetApi::isFinal);

        JsonNode output = run.path("output");
        switch (name) {
            case "translation" ->
                    assertThat(run.at("/failure/code").asString()).isEqualTo("UNSUPPORTED");
            case "customer-service" -> {
                // The customer writes of both.
                assertThat(output.path("topic").asString())
                        .isIn("order and delivery", "payment and refund");
                // Which of them is for the engine, and a small one is often wrong.
                assertThat(output.path("feedback").asString()).isIn("solved", "unsolved");
            }
            case "question-answering" ->
                    assertThat(output.path("answer").asString()).contains("Dead letters");
            case "knowledge-graph" ->
                    assertThat(output.path("entities").toString())
                            .containsIgnoringCase("analytical engine");
            case "writing" -> {
                assertThat(output.path("titles").size()).isPositive();
                assertThat(output.path("text").asString()).isNotBlank();
            }
            default -> throw new AssertionError("a pipeline without a check: " + name);
        }
    }

    private static boolean waits(String run, String step) {
        return api.get(run)
                .path("steps")
                .valueStream()
                .anyMatch(
                        s ->
                                s.path("id").asString().equals(step)
                                        && s.path("state").asString().equals("WAITING"));
    }
}
