package io.llmfleet.system.bench;

import io.llmfleet.system.bench.BenchReport.Cost;
import io.llmfleet.system.bench.BenchReport.Latency;
import io.llmfleet.system.bench.BenchReport.Round;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The order of the measurements. */
final class Bench {

    /** The share of the top rate at which the latency is measured. */
    private static final double LATENCY_LOAD = 0.2;

    private static final double WARM_UP = 0.25;

    private final BenchFleet fleet;
    private final int tasks;
    private final int payloadBytes;
    private final int rounds;
    private final Duration time;
    private final Consumer<String> progress;
    private final Map<String, List<Double>> cpuSeconds = new LinkedHashMap<>();

    Bench(
            BenchFleet fleet,
            int tasks,
            int payloadBytes,
            int rounds,
            int seconds,
            Consumer<String> progress) {
        this.fleet = fleet;
        this.tasks = tasks;
        this.payloadBytes = payloadBytes;
        this.rounds = rounds;
        this.time = Duration.ofSeconds(seconds);
        this.progress = progress;
    }

    BenchReport run() {
        fleet.start();
        progress.accept("warming up");
        int some = Math.max(1, (int) (tasks * WARM_UP));
        new BulkRun(fleet.api(), some, payloadBytes).run();
        List<Round> done = new ArrayList<>();
        for (int i = 1; i <= rounds; i++) {
            Round round = round();
            done.add(round);
            progress.accept(
                    String.format(
                            Locale.ROOT,
                            "round %d of %d: three hops %.0f/s each, fleet %.0f tasks/s",
                            i,
                            rounds,
                            round.ceilingPerSecond(),
                            round.tasksPerSecond()));
        }
        return report(done);
    }

    private Round round() {
        double ceiling = new ThreeHops(fleet.broker(), payloadBytes).measure(time);
        Map<String, Usage> before = usages();
        double rate = new BulkRun(fleet.api(), tasks, payloadBytes).run();
        Map<String, Usage> after = usages();
        before.forEach((name, usage) -> addCost(name, usage, after.getOrDefault(name, usage)));
        return new Round(ceiling, rate);
    }

    private void addCost(String name, Usage before, Usage after) {
        cpuSeconds
                .computeIfAbsent(name, n -> new ArrayList<>())
                .add(after.cpu().minus(before.cpu()).toMillis() / (double) tasks);
    }

    private Map<String, Usage> usages() {
        Map<String, Usage> all = new LinkedHashMap<>();
        fleet.processes().forEach((name, process) -> all.put(name, Usage.of(process)));
        return all;
    }

    private BenchReport report(List<Round> done) {
        double rate = BenchReport.median(done.stream().map(Round::tasksPerSecond).toList());
        double ceiling = BenchReport.median(done.stream().map(Round::ceilingPerSecond).toList());
        Map<String, Cost> costs = new LinkedHashMap<>();
        usages().forEach((name, usage) -> costs.put(name, cost(name, usage)));
        progress.accept("latency");
        List<Latency> latencies = new ArrayList<>();
        try (Load amqp = fleet.amqpLoad(payloadBytes)) {
            latencies.add(new LatencyRun(amqp, time).at(rate * LATENCY_LOAD));
        }
        double restRate;
        try (Load rest = new RestLoad(fleet.url(), fleet.key(), payloadBytes)) {
            LatencyRun run = new LatencyRun(rest, time);
            restRate = run.top();
            latencies.add(run.at(restRate * LATENCY_LOAD));
        }
        return new BenchReport(
                machine(),
                fleet.brokerDescription(),
                tasks,
                payloadBytes,
                done,
                rate,
                ceiling,
                rate / ceiling,
                costs,
                restRate,
                latencies);
    }

    private Cost cost(String name, Usage usage) {
        return new Cost(
                BenchReport.median(cpuSeconds.getOrDefault(name, List.of(0.0))),
                usage.memoryBytes() / 1e6);
    }

    static String machine() {
        var system =
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return Runtime.getRuntime().availableProcessors()
                + " cores, "
                + Math.round(system.getTotalMemorySize() / 1e9)
                + " GB";
    }
}
