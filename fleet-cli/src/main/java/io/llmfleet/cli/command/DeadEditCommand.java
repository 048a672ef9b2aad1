package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Replays a dead letter by an edited copy of its task. */
@Command(
        name = "edit",
        mixinStandardHelpOptions = true,
        description = "Replay by an edited copy of its task; what is not said stays.")
final class DeadEditCommand implements Runnable {

    @Mixin Session session = new Session();

    @Parameters(paramLabel = "ID", description = "As list shows it.")
    String id = "";

    @Option(names = "--target", description = "A pool, a model, or any.")
    String target = "";

    @Option(names = "--input", paramLabel = "FILE", description = "JSON; - for standard input.")
    String input = "";

    @Option(names = "--parameters", paramLabel = "JSON", description = "In place of its own.")
    String parameters = "";

    @Override
    public void run() {
        ObjectNode changes = Json.MAPPER.createObjectNode();
        if (!target.isEmpty()) {
            changes.put("target", target);
        }
        if (!input.isEmpty()) {
            changes.set("input", json("--input", TaskRequest.read(input)));
        }
        if (!parameters.isEmpty()) {
            changes.set("parameters", json("--parameters", parameters));
        }
        JsonNode letter = session.api().post("/dead-letters/" + Paths.part(id) + "/copy", changes);
        String copy = letter.path("copy").asString("");
        session.print(letter, "replayed as " + copy + "; ./fleet follow " + copy);
    }

    private static JsonNode json(String option, String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new FleetException(
                    FleetException.USAGE, option + " is no JSON: " + Json.reason(e), e);
        }
    }
}
