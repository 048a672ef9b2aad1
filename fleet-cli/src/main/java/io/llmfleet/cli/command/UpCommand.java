package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.LocalFleet;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the fleet up; what runs already with the same settings is left alone. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description =
                "Start what is not there of broker, database and services, and restart services"
                        + " that have other settings; give the same variables each time, or a"
                        + " setting is gone.")
public final class UpCommand implements Runnable {

    @Mixin Session session = new Session();

    @Option(names = "--no-install", description = "Never install a broker.")
    boolean noInstall;

    @Override
    public void run() {
        LocalFleet fleet = session.localFleet();
        fleet.up(!noInstall);
        FleetHome home = fleet.home();
        String url = session.url();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("api", url + "/api/v1");
        facts.put("console", url + "/console/");
        facts.put("docs", url + "/swagger-ui.html");
        facts.put("key", home.apiKey());
        session.print(
                facts,
                """
                API      %s
                console  %s
                docs     %s
                key      %s  (kept in %s)
                try      ./fleet submit chat --text "What is a queue? A queue keeps messages until they are read." --wait\
                """
                        .formatted(
                                facts.get("api"),
                                facts.get("console"),
                                facts.get("docs"),
                                facts.get("key"),
                                home.folder().resolve("api-key")));
    }
}
