package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.fleet.TcpProxy.Use;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.system.chaos.load.RestClient;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.List;

/**
 * Workers that acknowledge first are killed before they publish; other tasks go on, so that the
 * fleet does not notice by its own means that some are missing.
 */
final class LossyWorkers implements ChaosCase {

    static final int TASKS = 6;

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration ACKS = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "lossy";
    }

    @Override
    public String fault() {
        return "workers acknowledge before they publish, and are killed in between";
    }

    @Override
    public FleetPlan plan() {
        return FleetPlan.usual().with("FLEET_WORKER_ACKBEFOREPUBLISH", "true");
    }

    @Override
    public Duration drain() {
        return Duration.ofSeconds(5);
    }

    @Override
    public void run(ChaosRun run) {
        List<Replica> workers = run.fleet().all(Service.WORKER);
        workers.forEach(w -> w.proxy().hold(Use.PUBLISHING));
        List<String> keys = run.rest().bulk(TASKS, ChaosRun.INSTANT);
        Waits.require("the backend was called", LIMIT, () -> run.calls(keys) == TASKS);
        Waits.pause(ACKS);
        workers.forEach(run.fleet()::kill);
        trickle(run);
    }

    /** Tasks of a tenant that nobody looks at, until the fleet is gone. */
    private static void trickle(ChaosRun run) {
        var wanted = Json.MAPPER.createObjectNode().put("name", "trickle").put("tenant", "trickle");
        String key = run.api().post("/keys", wanted).json().path("key").asString("");
        Rest trickle = run.api().withKey(key);
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (run.fleet().all(Service.PRODUCER).stream()
                                    .anyMatch(Replica::running)) {
                                trickle.post("/tasks", RestClient.task("trickle", "any"));
                                Waits.pause(PAUSE);
                            }
                        });
    }
}
