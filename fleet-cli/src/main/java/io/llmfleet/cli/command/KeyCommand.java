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

/** API keys: make, list, revoke. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "API keys.",
        synopsisSubcommandLabel = "(create|list|revoke)")
public final class KeyCommand implements Runnable {

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say create, list or revoke");
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
                    String role) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("name", name);
        if (!tenant.isEmpty()) {
            body.put("tenant", tenant);
        }
        if (!role.isEmpty()) {
            body.put("role", role);
        }
        JsonNode made = session.api().post("/keys", body);
        session.print(made, made.path("key").asString(""));
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
                "%-38s%-24s%-16s%-8s%s",
                key.path("id").asString(""),
                key.path("name").asString(""),
                key.path("tenant").asString(""),
                key.path("role").asString(""),
                key.path("revokedAt").asString("").isEmpty() ? "" : "revoked");
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
