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

/** Webhooks: what became of them, and what signs them. */
@Command(
        name = "webhooks",
        mixinStandardHelpOptions = true,
        description = "Webhooks: what became of them, and what signs them.",
        synopsisSubcommandLabel = "(list|show|resend|secret)")
public final class WebhooksCommand implements Runnable {

    private static final String DELIVERIES = "/webhooks/deliveries";
    private static final String SECRET = "/webhooks/secret";

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say list, show, resend or secret");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List deliveries, newest first.")
    void list(
            @Mixin Session session,
            @Mixin PageOptions page,
            @Option(
                            names = "--state",
                            defaultValue = "",
                            description = "PENDING, DELIVERED or FAILED.")
                    String state,
            @Option(names = "--task", defaultValue = "", description = "Of this task.")
                    String task) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("state", state);
        query.put("task", task);
        page.print(session, DELIVERIES, query, WebhooksCommand::row, "no deliveries");
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show a delivery with its last tries.")
    void show(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "As list shows it.") String id) {
        JsonNode delivery = session.api().get(DELIVERIES + "/" + Paths.part(id));
        session.print(delivery, details(delivery));
    }

    @Command(
            name = "resend",
            mixinStandardHelpOptions = true,
            description = "Send a delivery again, whatever became of it.")
    void resend(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "As list shows it.") String id) {
        JsonNode delivery =
                session.api()
                        .post(
                                DELIVERIES + "/" + Paths.part(id) + "/resend",
                                Json.MAPPER.createObjectNode());
        session.print(
                delivery, "sent again; ./fleet webhooks show " + id + " shows what comes of it");
    }

    @Command(
            name = "secret",
            mixinStandardHelpOptions = true,
            description = "Print the secret that this tenant's webhooks are signed with.")
    void secret(
            @Mixin Session session,
            @Option(
                            names = "--rotate",
                            description = "Make another one; the one before signs, too, for a day.")
                    boolean rotate) {
        JsonNode secret =
                rotate
                        ? session.api().post(SECRET, Json.MAPPER.createObjectNode())
                        : session.api().get(SECRET);
        session.print(secret, secret.path("secret").asString(""));
    }

    private static String row(JsonNode delivery) {
        return String.format(
                Locale.ROOT,
                "%-38s%-16s%-11s%-4s%s",
                delivery.path("id").asString(""),
                delivery.path("type").asString(""),
                delivery.path("state").asString(""),
                delivery.path("tries").asInt(0),
                delivery.path("url").asString(""));
    }

    private static String details(JsonNode delivery) {
        String tries =
                delivery.path("history")
                        .valueStream()
                        .map(
                                t ->
                                        "\n  "
                                                + t.path("at").asString("")
                                                + "  "
                                                + t.path("status")
                                                        .asString(t.path("error").asString(""))
                                                + "  "
                                                + t.path("millis").asLong(0)
                                                + " ms")
                        .collect(Collectors.joining());
        String next = delivery.path("nextAt").asString("");
        return row(delivery)
                + "\ntask "
                + delivery.path("taskId").asString("")
                + (next.isEmpty() ? "" : "\nnext try " + next)
                + tries;
    }
}
