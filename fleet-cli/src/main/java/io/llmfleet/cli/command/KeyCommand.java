package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** API keys: make, limit, list, revoke. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "API keys.",
        synopsisSubcommandLabel = "(create|limit|list|revoke|show)")
public final class KeyCommand implements Runnable {

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say create, limit, list, revoke or show");
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Make a key and print it; it is shown this once.")
    void create(
            @Mixin Session session,
            @Parameters(paramLabel = "NAME", description = "What you call it.") String name,
            @Option(names = "--tenant", defaultValue = "", description = "Owner of its tasks.")
                    String tenant,
            @Option(names = "--role", defaultValue = "", description = "user or admin.")
                    String role,
            @Mixin LimitOptions limits) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("name", name);
        if (!tenant.isEmpty()) {
            body.put("tenant", tenant);
        }
        if (!role.isEmpty()) {
            body.put("role", role);
        }
        if (!limits.json().isEmpty()) {
            body.set("limits", limits.json());
        }
        JsonNode made = session.api().post("/keys", body);
        session.print(made, made.path("key").asString(""));
    }

    @Command(
            name = "limit",
            mixinStandardHelpOptions = true,
            description = "Change what a key may; 'default' leaves a limit to the fleet's default.")
    void limit(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "The key's id, as list shows it.")
                    String id,
            @Mixin LimitOptions limits) {
        if (limits.json().isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "say what to change, such as --requests-per-minute 60");
        }
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.set("limits", limits.json());
        JsonNode key = session.api().patch("/keys/" + Paths.part(id), body);
        session.print(key, row(key));
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show the limits of your own key, and what is used of them now.")
    void show(@Mixin Session session) {
        JsonNode limits = session.api().get("/limits");
        String rows =
                limits.properties().stream()
                        .map(l -> use(l.getKey(), l.getValue()))
                        .collect(Collectors.joining("\n"));
        session.print(limits, rows.isEmpty() ? "nothing is limited" : rows);
    }

    private static String use(String name, JsonNode use) {
        String used = use.has("used") ? use.path("used").asString("") + " of " : "";
        String resets = use.path("resetsIn").asString("");
        String free = resets.isEmpty() || resets.equals("PT0S") ? "" : "  free again in " + resets;
        return String.format("%-20s%s%s%s", name, used, use.path("limit").asString(""), free);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the keys.")
    void list(@Mixin Session session) {
        JsonNode keys = session.api().get("/keys");
        JsonNode items = keys.isArray() ? keys : keys.path("items");
        session.print(
                keys,
                StreamSupport.stream(items.spliterator(), false)
                        .map(KeyCommand::row)
                        .collect(Collectors.joining("\n")));
    }

    private static String row(JsonNode key) {
        return String.format(
                "%-38s%-24s%-16s%-8s%s%s",
                key.path("id").asString(""),
                key.path("name").asString(""),
                key.path("tenant").asString(""),
                key.path("role").asString(""),
                key.path("revokedAt").asString("").isEmpty() ? "" : "revoked  ",
                limits(key.path("limits")));
    }

    private static String limits(JsonNode limits) {
        return limits.properties().stream()
                .map(l -> l.getKey() + "=" + l.getValue().asString(""))
                .collect(Collectors.joining(" "));
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Make a key worthless.")
    void revoke(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "The key's id, as list shows it.")
                    String id) {
        session.api().delete("/keys/" + Paths.part(id));
        session.print(Map.of("revoked", id), "revoked " + id);
    }
}
