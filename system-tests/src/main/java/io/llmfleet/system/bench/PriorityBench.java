package io.llmfleet.system.bench;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.system.bench.PriorityReport.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How long tasks of high priority wait for a slot, alone and beside a backlog of low ones. */
final class PriorityBench {

    /** Of the worker's backend, which takes that long for whatever it is asked. */
    static final Duration CALL = Duration.ofSeconds(1);

    private static final int BULK = 5_000;
    private static final Duration BETWEEN = Duration.ofMillis(250);
    private static final Duration BEGINNING = Duration.ofSeconds(5);

    private final BenchFleet fleet;
    private final int backlog;
    private final int slots;
    private final Duration time;
    private final Consumer<String> progress;

    /**
     * @param backlog tasks of low priority
     * @param time of each of the two measurements
     */
    PriorityBench(
            BenchFleet fleet, int backlog, int slots, Duration time, Consumer<String> progress) {
        this.fleet = fleet;
        this.backlog = backlog;
        this.slots = slots;
        this.time = time;
        this.progress = progress;
    }

    PriorityReport run() {
        fleet.start();
        FleetApi api = fleet.api();
        progress.accept("high alone");
        // Once unmeasured, so that the services are warm.
        var _ = waits(api, "alone");
        Wait alone = waits(api, "alone");
        progress.accept("a backlog of " + backlog + " low tasks");
        for (int sent = 0; sent < backlog; sent += BULK) {
            ObjectNode low = BulkRun.task(1).put("priority", "low");
            api.submitBulk(Collections.nCopies(Math.min(BULK, backlog - sent), low));
        }
        LockSupport.parkNanos(BEGINNING.toNanos());
        progress.accept("high beside it");
        Wait beside = waits(api, "beside the backlog");
        long left = api.get("/tasks?state=RUNNING&limit=200").path("items").size();
        return new PriorityReport(
                Bench.machine(),
                fleet.brokerDescription(),
                backlog,
                slots,
                CALL.toMillis(),
                (int) left,
                List.of(alone, beside));
    }

    private Wait waits(FleetApi api, String when) {
        List<String> ids = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            ObjectNode high = BulkRun.task(1).put("priority", "high");
            ids.add(api.submit(high).path("id").asString());
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
        List<Long> waits =
                ids.stream().map(api::await).map(PriorityBench::waited).sorted().toList();
        return new Wait(when, waits.size(), at(waits, 0.5), at(waits, 0.95), waits.getLast());
    }

    /** From the acceptance to the start of the call, in milliseconds. */
    private static long waited(JsonNode task) {
        if (!task.path("state").asString("").equals("SUCCEEDED")) {
            throw new FleetException("a task of high priority did not succeed: " + task);
        }
        return Duration.between(
                        Instant.parse(task.path("createdAt").asString()),
                        Instant.parse(task.path("times").path("startedAt").asString()))
                .toMillis();
    }

    private static long at(List<Long> sorted, double part) {
        return sorted.get((int) Math.ceil(sorted.size() * part) - 1);
    }
}
