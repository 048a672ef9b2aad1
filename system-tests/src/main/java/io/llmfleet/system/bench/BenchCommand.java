package io.llmfleet.system.bench;

import io.llmfleet.system.simulation.RoutingComparison;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fleet bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measure a fleet of its own against what its broker carries at most.",
            "",
            "In rounds, on one broker: RabbitMQ PerfTest through three quorum queues at once, then as"
                    + " many tasks by one bulk request, with a backend that answers at once, from the"
                    + " first accept to the last stored final. Nothing else should run meanwhile."
        })
public final class BenchCommand implements Callable<Integer> {

    private static final Duration EACH = Duration.ofMillis(600);

    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--tasks",
            defaultValue = "20000",
            description = "Tasks of a round (${DEFAULT-VALUE}).")
    int tasks;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds (${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--payload",
            defaultValue = "2048",
            description =
                    "Bytes of a task's prompt, and of PerfTest's messages (${DEFAULT-VALUE}).")
    int payload;

    @Option(
            names = "--slots",
            defaultValue = "64",
            description = "Slots of the worker (${DEFAULT-VALUE}).")
    int slots;

    @Option(
            names = "--seconds",
            defaultValue = "15",
            description = "Of each PerfTest run and of the latency run (${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--broker",
            defaultValue = "local",
            description = "local (an installed RabbitMQ) or docker (${DEFAULT-VALUE}).")
    String broker = "local";

    @Option(names = "--json", description = "Print JSON instead of a table.")
    boolean json;

    @Option(names = "--output", description = "Write the JSON to this file, too.")
    @Nullable Path output;

    @Option(
            names = "--streams",
            description =
                    "Measure streamed chats through the fleet beside the same straight from the"
                            + " backend, and a thousand streams at once, instead.")
    boolean streams;

    @Option(
            names = "--routing",
            description =
                    "Compare the strategies of routing on simulated backends that drift, instead;"
                            + " starts no fleet and takes some seconds.")
    boolean routing;

    @Option(
            names = "--encodings",
            description =
                    "Compare the encodings of a body, instead: bytes, and the time of one core;"
                            + " starts no fleet and takes a minute.")
    boolean encodings;

    @Option(
            names = "--priorities",
            description =
                    "Measure how long tasks of high priority wait beside a backlog of low ones,"
                            + " instead; --tasks is the backlog.")
    boolean priorities;

    @Option(
            names = "--model",
            description =
                    "Hold the predicted mean wait against the measured one at three loads, instead;"
                            + " takes eight minutes.")
    boolean model;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Of the simulation (${DEFAULT-VALUE}).")
    long seed;

    @Override
    public Integer call() throws IOException {
        if (routing) {
            RoutingComparison comparison = RoutingComparison.run(seed);
            print(comparison, comparison.table());
            return 0;
        }
        if (encodings) {
            Path root = Path.of(System.getProperty("fleet.root", "."));
            String prose = Files.readString(root.resolve("RATIONALE.md"));
            EncodingComparison comparison = EncodingComparison.run(prose, EACH);
            print(comparison, comparison.table());
            return 0;
        }
        if (priorities) {
            return measurePriorities();
        }
        if (model) {
            return measureModel();
        }
        return streams ? measureStreams() : measure();
    }

    private int measureModel() throws IOException {
        Path root = Path.of(System.getProperty("fleet.root", "."));
        PrintWriter err = spec.commandLine().getErr();
        Path home = Files.createTempDirectory("fleet-bench");
        try (BenchFleet fleet =
                new BenchFleet(
                        root,
                        home,
                        broker,
                        ModelBench.SLOTS,
                        line -> err.println("fleet: " + line))) {
            ModelReport report = new ModelBench(fleet, err::println).run();
            print(report, BenchText.of(report));
        }
        return 0;
    }

    private int measurePriorities() throws IOException {
        Path root = Path.of(System.getProperty("fleet.root", "."));
        PrintWriter err = spec.commandLine().getErr();
        Path home = Files.createTempDirectory("fleet-bench");
        String call = PriorityBench.CALL.toMillis() + "ms";
        try (BenchFleet fleet =
                new BenchFleet(
                        root,
                        home,
                        broker,
                        slots,
                        Map.of("FLEET_INSTANT_LATENCY", call),
                        line -> err.println("fleet: " + line))) {
            Duration time = Duration.ofSeconds(seconds);
            PriorityReport report =
                    new PriorityBench(fleet, tasks, slots, time, err::println).run();
            print(report, BenchText.of(report));
        }
        return 0;
    }

    private int measureStreams() throws IOException {
        Path root = Path.of(System.getProperty("fleet.root", "."));
        PrintWriter err = spec.commandLine().getErr();
        Path home = Files.createTempDirectory("fleet-bench");
        try (StreamingBackend backend = new StreamingBackend();
                BenchFleet fleet =
                        new BenchFleet(
                                root,
                                home,
                                broker,
                                1_000,
                                Map.of(
                                        "LLM_BASE_URL",
                                        backend.url(),
                                        "LLM_MODEL",
                                        StreamingBackend.MODEL),
                                line -> err.println("fleet: " + line))) {
            Duration time = Duration.ofSeconds(seconds);
            StreamReport report = new StreamBench(fleet, backend, time, err::println).run();
            print(report, BenchText.of(report));
        }
        return 0;
    }

    private int measure() throws IOException {
        Path root = Path.of(System.getProperty("fleet.root", "."));
        PrintWriter err = spec.commandLine().getErr();
        BenchReport report;
        Path home = Files.createTempDirectory("fleet-bench");
        try (BenchFleet fleet =
                new BenchFleet(root, home, broker, slots, line -> err.println("fleet: " + line))) {
            report = new Bench(fleet, tasks, payload, rounds, seconds, err::println).run();
        }
        print(report, BenchText.of(report));
        return 0;
    }

    private void print(Object report, String table) throws IOException {
        String text = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report);
        if (output != null) {
            Files.writeString(output, text + "\n");
        }
        spec.commandLine().getOut().println(json ? text : table);
    }
}
