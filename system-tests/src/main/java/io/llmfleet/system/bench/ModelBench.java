package io.llmfleet.system.bench;

import io.llmfleet.capacity.ServiceTime;
import io.llmfleet.capacity.WaitingLine;
import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.system.bench.ModelReport.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds what the fleet predicts of its waits against the waits that it then has. */
final class ModelBench {

    static final int SLOTS = 4;

    /** Long beside what the fleet adds to a call, which the machine decides. */
    private static final double SERVICE = 1;

    private static final int WARM_UP = 200;
    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final BenchFleet fleet;
    private final Consumer<String> progress;

    ModelBench(BenchFleet fleet, Consumer<String> progress) {
        this.fleet = fleet;
        this.progress = progress;
    }

    ModelReport run() {
        fleet.start();
        FleetApi api = fleet.api();
        progress.accept("warming up");
        for (int i = 0; i < WARM_UP; i++) {
            send(api, 0.01);
        }
        List<Run> runs = new ArrayList<>();
        runs.add(run(api, 0.5, 250));
        runs.add(run(api, 0.7, 400));
        runs.add(run(api, 0.9, 630));
        return new ModelReport(Bench.machine(), fleet.brokerDescription(), SLOTS, SERVICE, runs);
    }

    private Run run(FleetApi api, double rho, int tasks) {
        awaitIdle(api);
        WaitingLine line =
                new WaitingLine(rho * SLOTS / SERVICE, SLOTS, ServiceTime.exponential(SERVICE));
        Workload workload = Workload.of(line, tasks);
        progress.accept("%d tasks in %.0f s".formatted(workload.gaps().length, workload.seconds()));
        send(api, workload);
        JsonNode pool = pool(api, Math.round(workload.seconds()));
        JsonNode waits = pool.path("waits");
        return new Run(
                rho,
                tasks,
                pool.path("utilisation").asDouble(),
                workload.idealWait(SLOTS),
                waits.path("predicted").asDouble(),
                waits.path("measured").asDouble(),
                pool.at("/little/ratio").asDouble());
    }

    /** Each when it is due, whatever became of those before. */
    private static void send(FleetApi api, Workload workload) {
        long due = System.nanoTime();
        for (int i = 0; i < workload.gaps().length; i++) {
            due += (long) (workload.gaps()[i] * TimeUnit.SECONDS.toNanos(1));
            LockSupport.parkNanos(due - System.nanoTime());
            double service = workload.services()[i];
            Thread.startVirtualThread(() -> send(api, service));
        }
    }

    private static void send(FleetApi api, double seconds) {
        ObjectNode task = BulkRun.task(1);
        task.putObject("parameters").put("instantMillis", seconds * 1_000);
        api.submit(task);
    }

    private static void awaitIdle(FleetApi api) {
        Instant end = Instant.now().plus(LIMIT);
        while (pool(api, 10).path("queueLength").asInt(-1) != 0) {
            if (Instant.now().isAfter(end)) {
                throw new FleetException("the fleet is still busy after " + LIMIT);
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
    }

    private static JsonNode pool(FleetApi api, long window) {
        return api.get("/capacity?pool=default&window=" + window).path("pools").path(0);
    }
}
