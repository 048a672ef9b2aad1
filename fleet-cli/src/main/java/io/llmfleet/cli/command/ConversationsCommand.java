package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.util.Locale;
import java.util.Map;
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
            @Mixin PageOptions page,
            @Option(names = "--halted", description = "Only those that are halted.")
                    boolean halted) {
        page.print(
                session,
                CONVERSATIONS,
                Map.of("halted", halted ? "true" : ""),
                ConversationsCommand::row,
                "no conversations");
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
