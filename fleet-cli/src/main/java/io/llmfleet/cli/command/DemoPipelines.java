package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.RunText;
import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs the shipped pipelines with their examples. */
final class DemoPipelines {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Session session;
    private final FleetApi api;

    DemoPipelines(Session session, FleetApi api) {
        this.session = session;
        this.api = api;
    }

    private record Started(JsonNode example, String id) {}

    /** Every run at its end. */
    List<JsonNode> run() {
        List<Started> started = new ArrayList<>();
        for (JsonNode example : examples()) {
            ObjectNode body = Json.MAPPER.createObjectNode();
            body.set("input", example.path("input"));
            String name = example.path("pipeline").asString("");
            JsonNode run = api.post("/pipelines/" + name + "/runs", body);
            started.add(new Started(example, run.path("id").asString("")));
        }
        List<JsonNode> runs = started.stream().map(this::await).toList();
        if (!session.json()) {
            for (int i = 0; i < runs.size(); i++) {
                print(started.get(i).example(), runs.get(i));
            }
        }
        return runs;
    }

    /** What an engine cannot do for want of a generative model is no failure of the fleet. */
    static boolean wentAsFarAsItGoes(JsonNode run) {
        return Runs.succeeded(run)
                || run.path("failure").path("code").asString("").equals("UNSUPPORTED");
    }

    private List<JsonNode> examples() {
        Path folder = session.root().resolve("examples/pipelines");
        try (var files = Files.list(folder)) {
            List<JsonNode> all = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                all.add(Json.MAPPER.readTree(Files.readString(file)));
            }
            return all;
        } catch (IOException | tools.jackson.core.JacksonException e) {
            throw new FleetException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    /** What a step waits for is in the example. */
    private JsonNode await(Started one) {
        JsonNode run = Runs.await(api, one.id(), PATIENCE);
        String step = Runs.waiting(run);
        JsonNode input = one.example().path("inputs").path(step);
        if (step.isEmpty() || input.isMissingNode()) {
            return run;
        }
        api.post("/runs/" + one.id() + "/steps/" + step + "/input", input);
        return Runs.await(api, one.id(), PATIENCE);
    }

    private void print(JsonNode example, JsonNode run) {
        String steps =
                run.path("steps")
                        .valueStream()
                        .map(RunText::step)
                        .collect(Collectors.joining("\n"));
        boolean unsupported = !Runs.succeeded(run) && wentAsFarAsItGoes(run);
        session.out()
                .printf(
                        "%n%s  [pipeline %s, %s]%n%s%n%s%n",
                        example.path("title").asString(""),
                        run.path("pipeline").asString(""),
                        unsupported ? "needs an LLM from here" : run.path("state").asString(""),
                        steps,
                        RunText.outcome(run).indent(2).stripTrailing());
    }
}
