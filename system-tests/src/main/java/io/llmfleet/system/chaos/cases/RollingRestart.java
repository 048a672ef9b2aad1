package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.Waits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * U1: every process is replaced by another one, one after the other, in the order of an upgrade:
 * nobody's work is lost and none is done twice.
 */
final class RollingRestart implements ChaosCase {

    private static final Duration CALL = Duration.ofSeconds(2);
    private static final Duration ROUND = Duration.ofMillis(1500);
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final int BULK = 40;
    private static final int WORKERS = 3;

    /** Workers first: they understand what older ones sent them. */
    private static final List<Service> ORDER =
            List.of(Service.WORKER, Service.ROUTER, Service.PRODUCER);

    private final int tasks;
    private volatile boolean rolling = true;

    RollingRestart(int tasks) {
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return "U1";
    }

    @Override
    public String fault() {
        return "SIGTERM to every process and a new one, one after the other, while "
                + tasks
                + " tasks flow";
    }

    @Override
    public FleetPlan plan() {
        return FleetPlan.usual()
                .withWorkers(WORKERS)
                .with("FLEET_INSTANT_LATENCY", "200ms")
                .with("FLEET_INSTANT_DELTAS", "10");
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> Behaviour.after(CALL));
        WaitingCalls calls = new WaitingCalls(run);
        try (ExecutorService load = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> batches = load.submit(() -> batches(run));
            Future<?> streams = load.submit(() -> streams(run));
            Future<?> waits = load.submit(() -> calls.makeWhile(() -> rolling));
            try {
                restartAll(run);
            } finally {
                rolling = false;
            }
            await(List.of(batches, streams, waits));
        }
        calls.report();
    }

    private static void restartAll(ChaosRun run) {
        for (Service service : ORDER) {
            for (Replica replica : run.fleet().all(service)) {
                long start = System.nanoTime();
                replica.terminate();
                Duration stopped = Duration.ofNanos(System.nanoTime() - start);
                replica.restart();
                run.note(replica.name() + " stopped within " + stopped.toMillis() + " ms");
            }
        }
    }

    private void batches(ChaosRun run) {
        while (rolling || run.ledger().acceptedCount() < tasks) {
            run.rest().bulk(BULK, ChaosRun.INSTANT);
            run.rest().submit(ChaosRun.INSTANT);
            run.amqp().submit(ChaosRun.INSTANT);
            Waits.pause(ROUND);
        }
    }

    private void streams(ChaosRun run) {
        while (rolling) {
            StreamedTask stream;
            try {
                stream = StreamedTask.submit(run);
            } catch (FleetException e) {
                // that replica was down; a task that nobody has the id of is no stream
                continue;
            }
            readAnywhere(run, stream);
            stream.requireWhole(run);
            Waits.pause(PAUSE);
        }
    }

    /** As a browser does behind a load balancer. */
    private static void readAnywhere(ChaosRun run, StreamedTask stream) {
        List<String> urls = run.fleet().producerUrls();
        for (int i = 0; !stream.ended() && i < 100; i++) {
            try {
                stream.read(
                        new FleetApi(urls.get(i % urls.size()), run.fleet().adminKey()),
                        StreamedTask::ended);
            } catch (IOException | FleetException e) {
                Waits.pause(PAUSE);
            }
        }
    }

    private static void await(List<Future<?>> all) throws InterruptedException {
        for (Future<?> one : all) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new FleetException("the load failed: " + e.getCause(), e);
            }
        }
    }
}
