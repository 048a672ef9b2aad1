package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.cli.local.LocalFleet;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops what the fleet started. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stop the services, the database and the broker; tasks and answers stay.")
public final class DownCommand implements Runnable {

    @Mixin Session session = new Session();

    @Option(
            names = "--wipe",
            description = "Also delete everything that the fleet kept, tasks and answers included.")
    boolean wipe;

    @Override
    public void run() {
        LocalFleet fleet = session.localFleet();
        if (wipe) {
            fleet.wipe();
        } else {
            fleet.down();
        }
        session.print(
                Map.of("state", wipe ? "wiped" : "down"),
                wipe ? "the fleet is down and wiped" : "the fleet is down");
    }
}
