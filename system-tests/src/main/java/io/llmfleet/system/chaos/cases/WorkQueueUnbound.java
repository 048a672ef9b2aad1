package io.llmfleet.system.chaos.cases;

import io.llmfleet.model.Priority;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RoutingKeys;
import java.time.Duration;
import java.util.List;

/** F15: tasks walk the ladder with their attempt unchanged, and flow after the repair. */
final class WorkQueueUnbound implements ChaosCase {

    private static final int TASKS = 50;
    private static final Duration UNBOUND = Duration.ofSeconds(6);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "F15";
    }

    @Override
    public String fault() {
        return "a work queue is unbound for 6 s";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        String queue = Queues.work("default", Priority.NORMAL);
        run.admin()
                .run(
                        channel ->
                                channel.queueUnbind(
                                        queue,
                                        Exchanges.WORK,
                                        RoutingKeys.work("*", "default", Priority.NORMAL)));
        List<String> keys = run.rest().bulk(TASKS, ChaosRun.INSTANT);
        Waits.pause(UNBOUND);
        run.require(
                keys.stream().noneMatch(run::succeeded),
                "nothing gets to a queue that is not bound");
        run.fleet().applyTopology();
        run.requireWithin(LIMIT, "they flow after the repair", () -> run.allSucceeded(keys));
        run.require(keys.stream().allMatch(k -> run.attempts(k) == 1), "no attempt is burned");
    }
}
