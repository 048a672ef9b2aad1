package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Conversations: how they are, and letting halted ones go on. */
@Command(
        name = "conversations",
        mixinStandardHelpOptions = true,
        description = "Conversations: how they are, and letting halted ones go on.",
        synopsisSubcommandLabel = "(list|resume)")
public final class ConversationsCommand implements Runnable {

    private static final String CONVERSATIONS = "/conversations";

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say list or resume");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List conversations, those with the latest turn first.")
    void list(
            @Mixin Session session,
            @Option(names = "--halted", description = "Only those that are halted.") boolean halted,
            @Option(
                            names = "--after",
                            defaultValue = "",
                            description = "Go on after the page before.")
                    String after,
            @Option(
                            names = "--limit",
                            defaultValue = "20",
                            description = "At most (${DEFAULT-VALUE}).")
                    int limit) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("halted", halted ? "true" : "");
        query.put("after", after);
        query.put("limit", Integer.toString(limit));
        JsonNode page = session.api().get(CONVERSATIONS + Paths.query(query));
        String rows =
                page.path("items")
                        .valueStream()
                        .map(ConversationsCommand::row)
                        .collect(Collectors.joining("\n"));
        String next = page.path("next").asString("");
        String more = "\nmore: ./fleet conversations list --after " + next;
        session.print(
                page,
                (rows.isEmpty() ? "no conversations" : rows)
                        + (next.isEmpty() ? "" : halted ? more + " --halted" : more));
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Let a halted conversation go on after the turn that failed.")
    void resume(
            @Mixin Session session,
            @Parameters(paramLabel = "KEY", description = "As list shows it.") String key) {
        JsonNode now =
                session.api()
                        .post(
                                CONVERSATIONS
                                        + "/resume"
                                        + Paths.query(Map.of("conversation", key)),
                                Json.MAPPER.createObjectNode());
        session.print(now, row(now));
    }

    private static String row(JsonNode conversation) {
        return String.format(
                Locale.ROOT,
                "%-28s%-9s%6d turns  %s%s",
                conversation.path("updatedAt").asString(""),
                conversation.path("state").asString(""),
                conversation.path("turns").asLong(0),
                conversation.path("conversation").asString(""),
                conversation.path("haltedBy").asString("").isEmpty()
                        ? ""
                        : "  halted by " + conversation.path("haltedBy").asString(""));
    }
}
