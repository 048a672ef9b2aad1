package io.llmfleet.cli.command;

import io.llmfleet.cli.DeadLetterText;
import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Dead letters: what failed for good, and what could not be read. */
@Command(
        name = "dead",
        mixinStandardHelpOptions = true,
        description = "Dead letters: what failed for good, and what could not be read.",
        synopsisSubcommandLabel = "(list|show|replay|discard)")
public final class DeadCommand implements Runnable {

    private static final String PATH = "/dead-letters";

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say list, show, replay or discard");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List dead letters, newest first; those that wait for a decision.")
    void list(
            @Mixin Session session,
            @Option(
                            names = "--state",
                            defaultValue = "OPEN",
                            description = "OPEN, REPLAYED, DISCARDED or ALL (${DEFAULT-VALUE}).")
                    String state,
            @Option(names = "--after", defaultValue = "", description = "Go on after this id.")
                    String after,
            @Option(
                            names = "--limit",
                            defaultValue = "20",
                            description = "At most (${DEFAULT-VALUE}).")
                    int limit) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("state", state.equals("ALL") ? "" : state);
        query.put("after", after);
        query.put("limit", Integer.toString(limit));
        JsonNode page = session.api().get(PATH + Paths.query(query));
        String rows =
                StreamSupport.stream(page.path("items").spliterator(), false)
                        .map(DeadLetterText::row)
                        .collect(Collectors.joining("\n"));
        String next = page.path("next").asString("");
        session.print(
                page,
                (rows.isEmpty() ? "no dead letters" : rows)
                        + (next.isEmpty() ? "" : "\nmore: ./fleet dead list --after " + next));
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show a dead letter with the failure of each attempt.")
    void show(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "As list shows it.") String id) {
        JsonNode letter = session.api().get(PATH + "/" + Paths.part(id));
        session.print(letter, DeadLetterText.details(letter));
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = "Run its task again; at most once for a letter.")
    void replay(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "As list shows it.") String id) {
        JsonNode letter = decide(session, id, "replay", Map.of());
        session.print(
                letter,
                "replayed; ./fleet follow "
                        + letter.path("taskId").asString("")
                        + " shows how it goes");
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = "Decide that nothing is to be done.")
    void discard(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "As list shows it.") String id,
            @Option(names = "--reason", required = true, description = "Kept with the letter.")
                    String reason) {
        session.print(decide(session, id, "discard", Map.of("reason", reason)), "discarded " + id);
    }

    private static JsonNode decide(
            Session session, String id, String decision, Map<String, String> body) {
        return session.api()
                .post(PATH + "/" + Paths.part(id) + "/" + decision, Json.MAPPER.valueToTree(body));
    }
}
