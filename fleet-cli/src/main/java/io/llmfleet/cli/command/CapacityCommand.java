package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.cli.plot.ModelPlots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** How busy the pools are, what would be if, and the model's plots. */
@Command(
        name = "capacity",
        mixinStandardHelpOptions = true,
        description = {
            "Show how busy the pools are: measured, and by the model.",
            "",
            "With --rate, --slots, --workers, --service-time, --cv or --wait it says what would be if;"
                    + " what is left out is as it was measured."
        })
public final class CapacityCommand implements Callable<Integer> {

    @Mixin Session session = new Session();

    @Option(names = "--pool", description = "This pool alone.")
    String pool = "";

    @Option(names = "--window", description = "Seconds to measure over, 10 to 3600 (300).")
    String window = "";

    @Option(names = "--rate", description = "If so many tasks a second came.")
    String rate = "";

    @Option(names = "--slots", description = "If there were so many slots.")
    String slots = "";

    @Option(names = "--workers", description = "If there were so many workers.")
    String workers = "";

    @Option(names = "--service-time", description = "If a task took so many seconds on average.")
    String serviceTime = "";

    @Option(names = "--cv", description = "If service times varied so: 0 constant, 1 exponential.")
    String cv = "";

    @Option(
            names = "--wait",
            description = "How many slots it takes for this mean wait, in seconds.")
    String wait = "";

    @Option(
            names = "--plot",
            paramLabel = "FOLDER",
            description = "Draw what the model computes beside what is simulated; needs no fleet.")
    @Nullable Path plot;

    @Override
    public Integer call() throws IOException {
        if (plot != null) {
            ModelPlots.write(plot).forEach(file -> session.out().println(file));
            return 0;
        }
        JsonNode capacity = session.api().get("/capacity" + Paths.query(query()));
        session.print(capacity, CapacityText.of(capacity));
        return 0;
    }

    private Map<String, String> query() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("pool", pool);
        query.put("window", window);
        query.put("rate", rate);
        query.put("slots", slots);
        query.put("workers", workers);
        query.put("serviceTime", serviceTime);
        query.put("cv", cv);
        query.put("wait", wait);
        return query;
    }
}
