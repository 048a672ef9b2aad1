package io.llmfleet.cli.command;

import io.llmfleet.cli.DeadLetterText;
import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Replays of dead letters that need no person. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "Replays of dead letters that need no person.",
        synopsisSubcommandLabel = "(list|add|remove)")
final class DeadPolicyCommand implements Runnable {

    private static final String PATH = "/dead-letters/policies";

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say list, add or remove");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List policies.")
    void list(@Mixin Session session) {
        JsonNode all = session.api().get(PATH);
        String rows =
                all.valueStream().map(DeadLetterText::policy).collect(Collectors.joining("\n"));
        session.print(all, rows.isEmpty() ? "no policies" : rows);
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Replay letters of a code after a delay, or when a breaker has closed.")
    void add(
            @Mixin Session session,
            @Parameters(paramLabel = "CODE", description = "Such as BACKEND_UNAVAILABLE.")
                    String code,
            @Option(
                            names = "--when",
                            defaultValue = "breaker-closed",
                            description = "delay or breaker-closed (${DEFAULT-VALUE}).")
                    String when,
            @Option(
                            names = "--delay",
                            defaultValue = "",
                            description = "Such as PT10M, since the failure or the closing.")
                    String delay,
            @Option(names = "--type", defaultValue = "", description = "Only of this type.")
                    String type,
            @Option(names = "--target", defaultValue = "", description = "Only of this target.")
                    String target,
            @Option(
                            names = "--max-replays",
                            defaultValue = "3",
                            description = "Of one task; then a person decides (${DEFAULT-VALUE}).")
                    int most,
            @Option(
                            names = "--rate",
                            defaultValue = "10",
                            description = "So many a second (${DEFAULT-VALUE}).")
                    double rate) {
        ObjectNode order = Json.MAPPER.createObjectNode().put("code", code).put("when", when);
        order.put("maxReplays", most).put("perSecond", rate).put("type", type);
        order.put("target", target);
        if (!delay.isEmpty()) {
            order.put("delay", delay);
        }
        JsonNode policy = session.api().post(PATH, order);
        session.print(policy, DeadLetterText.policy(policy));
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "End a policy; what it began goes on.")
    void remove(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "As list shows it.") String id) {
        session.api().delete(PATH + "/" + Paths.part(id));
        session.print(Json.MAPPER.createObjectNode().put("id", id), "removed " + id);
    }
}
