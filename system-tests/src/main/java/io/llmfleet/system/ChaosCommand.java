package io.llmfleet.system;

import io.llmfleet.cli.FleetException;
import io.llmfleet.system.chaos.Chaos;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosReport;
import io.llmfleet.system.chaos.ChaosText;
import io.llmfleet.system.chaos.cases.Cases;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fleet chaos}. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Break a fleet of its own on purpose and check that its promises hold.",
            "",
            "Two replicas of every service work as processes while broker, services, connections and"
                    + " backends fail; then everything heals, the queues drain, and it is checked from"
                    + " outside that every accepted task ended exactly once. The exit code is 1 if a"
                    + " promise is broken. Without --case all kinds of faults come at random."
        })
public final class ChaosCommand implements Callable<Integer> {

    private static final String ALL = "all";

    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--minutes",
            defaultValue = "10",
            description = "How long random faults come (${DEFAULT-VALUE}).")
    int minutes;

    @Option(names = "--seed", description = "Decides what is random; by default another each time.")
    @Nullable Long seed;

    @Option(
            names = "--case",
            split = ",",
            paramLabel = "NAME",
            description = "Only these cases, or 'all'; see --list.")
    List<String> cases = new ArrayList<>();

    @Option(
            names = "--broker",
            defaultValue = "local",
            description = "local (an installed RabbitMQ) or docker (${DEFAULT-VALUE}).")
    String broker = "local";

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
    @Nullable Path json;

    @Option(names = "--list", description = "List the cases and do nothing.")
    boolean list;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (minutes < 1) {
            throw new FleetException(
                    FleetException.USAGE,
                    "--minutes is " + minutes + ", accepted: 1 or more",
                    null);
        }
        if (list) {
            Cases.all().forEach(c -> out.printf("%-5s %s%n", c.name(), c.fault()));
            return 0;
        }
        List<ChaosCase> wanted = wanted();
        long known = seed == null ? System.nanoTime() & 0xffffff : seed;
        ChaosReport report;
        Path root = Path.of(System.getProperty("fleet.root", "."));
        try (Chaos chaos = new Chaos(root, broker, known, line -> err.println("fleet: " + line))) {
            // An interrupted run leaves no processes behind.
            Runtime.getRuntime().addShutdownHook(new Thread(chaos::close));
            report = chaos.run(wanted);
        }
        if (json != null) {
            String text = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report);
            Files.writeString(json, text + "\n");
        }
        out.println(ChaosText.of(report));
        return report.held() ? 0 : FleetException.FAILED;
    }

    private List<ChaosCase> wanted() {
        if (cases.isEmpty()) {
            return List.of(Cases.storm(Duration.ofMinutes(minutes)));
        }
        List<ChaosCase> all = Cases.all();
        for (String name : cases) {
            if (!name.equals(ALL) && all.stream().noneMatch(c -> c.name().equals(name))) {
                throw new FleetException(
                        FleetException.USAGE, "no case '" + name + "'; --list shows all", null);
            }
        }
        for (ChaosCase one : all) {
            if (cases.contains(one.name()) && !one.runsOn(broker)) {
                throw new FleetException(
                        FleetException.USAGE,
                        "case " + one.name() + " needs containers: --broker docker",
                        null);
            }
        }
        return all.stream()
                .filter(c -> cases.contains(ALL) || cases.contains(c.name()))
                .filter(c -> c.runsOn(broker))
                .toList();
    }
}
