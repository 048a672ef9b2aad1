package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs tasks of dead letters again. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Run the task of one, or those of many at a rate; at most once for a letter.")
final class DeadReplayCommand implements Runnable {

    @Mixin Session session = new Session();
    @Mixin LetterFilter filter = new LetterFilter();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "As list shows it.")
    @Nullable String id;

    @Option(names = "--all", description = "All open ones.")
    boolean all;

    @Option(
            names = "--rate",
            defaultValue = "50",
            description = "So many a second (${DEFAULT-VALUE}).")
    double rate;

    @Option(names = "--wait", description = "Until the last one is replayed.")
    boolean wait;

    @Override
    public void run() {
        if (id != null) {
            one(id);
            return;
        }
        filter.require(all);
        ObjectNode order = Json.MAPPER.createObjectNode().put("kind", "replay");
        order.set("filter", Json.MAPPER.valueToTree(filter.query()));
        order.put("perSecond", rate);
        new LetterJobs(session).start(order, wait);
    }

    private void one(String letter) {
        JsonNode replayed = DeadCommand.decide(session, letter, "replay", Map.of());
        session.print(
                replayed,
                "replayed; ./fleet follow "
                        + replayed.path("taskId").asString("")
                        + " shows how it goes");
    }
}
