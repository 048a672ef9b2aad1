package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Decides that nothing is to be done about dead letters. */
@Command(
        name = "discard",
        mixinStandardHelpOptions = true,
        description = "Decide that nothing is to be done about one, or about many.")
final class DeadDiscardCommand implements Runnable {

    private static final int RATE = 500;

    @Mixin Session session = new Session();
    @Mixin LetterFilter filter = new LetterFilter();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "As list shows it.")
    @Nullable String id;

    @Option(names = "--reason", required = true, description = "Kept with the letter.")
    String reason = "";

    @Option(names = "--all", description = "All open ones.")
    boolean all;

    @Option(names = "--wait", description = "Until the last one is discarded.")
    boolean wait;

    @Override
    public void run() {
        if (id != null) {
            session.print(
                    DeadCommand.decide(session, id, "discard", Map.of("reason", reason)),
                    "discarded " + id);
            return;
        }
        filter.require(all);
        ObjectNode order = Json.MAPPER.createObjectNode().put("kind", "discard");
        order.set("filter", Json.MAPPER.valueToTree(filter.query()));
        order.put("reason", reason).put("perSecond", RATE);
        new LetterJobs(session).start(order, wait);
    }
}
