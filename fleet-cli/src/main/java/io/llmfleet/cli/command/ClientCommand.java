package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** AMQP clients: applications that submit over the broker. */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        description = "Applications that submit over AMQP.",
        synopsisSubcommandLabel = "(create|list)")
public final class ClientCommand implements Runnable {

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say create or list");
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Make a user with an exchange of its own and print its URL.")
    void create(
            @Mixin Session session,
            @Parameters(paramLabel = "NAME", description = "1 to 40 of a-z, 0-9 and -.")
                    String name) {
        String uri = session.localFleet().createClient(name);
        session.print(Map.of("client", name, "uri", uri), uri);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the clients.")
    void list(@Mixin Session session) {
        List<String> clients = session.localFleet().clients();
        session.print(clients, clients.isEmpty() ? "no clients" : String.join("\n", clients));
    }
}
