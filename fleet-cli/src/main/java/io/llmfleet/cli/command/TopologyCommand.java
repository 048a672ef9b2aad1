package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.cli.local.FleetSettings;
import io.llmfleet.cli.local.LocalFleet;
import io.llmfleet.cli.local.TopologyApplier;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Topology;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is declared on the broker. */
@Command(
        name = "topology",
        mixinStandardHelpOptions = true,
        description = "What is declared on the broker.",
        synopsisSubcommandLabel = "(apply|show)")
public final class TopologyCommand implements Runnable {

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say apply or show");
    }

    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description =
                    "Declare exchanges, queues, bindings and users; stop at what is there with"
                            + " other arguments.")
    void apply(
            @Mixin Session session,
            @Option(
                            names = "--remove-guest",
                            description = "Remove RabbitMQ's default user, if it is there.")
                    boolean removeGuest) {
        LocalFleet fleet = session.localFleet();
        if (removeGuest) {
            fleet.removeGuest();
        }
        TopologyApplier.Applied applied = fleet.applyTopology();
        Topology topology = FleetSettings.ofProcess().topology(fleet.clients());
        String users =
                applied.ownUsers()
                        ? topology.users().size() + " users"
                        : "no users, since the broker's management API is not known"
                                + " (RABBITMQ_MANAGEMENT_URL): all services use the user of"
                                + " RABBITMQ_URI";
        session.print(
                Map.of(
                        "exchanges", topology.exchanges().size(),
                        "queues", topology.queues().size(),
                        "bindings", topology.bindings().size(),
                        "users", applied.ownUsers() ? topology.users().size() : 0),
                "applied: "
                        + topology.exchanges().size()
                        + " exchanges, "
                        + topology.queues().size()
                        + " queues, "
                        + topology.bindings().size()
                        + " bindings, "
                        + users);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Print what apply would declare.")
    void show(@Mixin Session session) {
        Topology topology = FleetSettings.ofProcess().topology(session.localFleet().clients());
        session.print(topology, text(topology));
    }

    private static String text(Topology t) {
        return "exchanges\n"
                + t.exchanges().stream().map(e -> "  " + e + "\n").collect(Collectors.joining())
                + "queues\n"
                + t.queues().stream()
                        .map(q -> String.format("  %-26s %s%n", q.name(), q.arguments()))
                        .collect(Collectors.joining())
                + "bindings\n"
                + t.bindings().stream()
                        .map(
                                b ->
                                        "  "
                                                + b.exchange()
                                                + " -- "
                                                + b.key()
                                                + " -> "
                                                + b.queue()
                                                + "\n")
                        .collect(Collectors.joining())
                + "users\n"
                + t.users().stream()
                        .map(TopologyCommand::text)
                        .collect(Collectors.joining())
                        .stripTrailing();
    }

    private static String text(BrokerUser user) {
        String rights =
                String.format(
                        "  %-16s configure %s  write %s  read %s%n",
                        user.name(), user.configure(), user.write(), user.read());
        return user.keys().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(
                        e ->
                                String.format(
                                        "  %-16s   %s: write keys %s  bind keys %s%n",
                                        "",
                                        e.getKey(),
                                        e.getValue().written(),
                                        e.getValue().bound()))
                .collect(Collectors.joining("", rights, ""));
    }
}
