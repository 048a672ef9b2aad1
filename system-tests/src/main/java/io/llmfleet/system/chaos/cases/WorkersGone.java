package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** F6: nothing is lost, the backlog drains, no attempt is burned. */
final class WorkersGone implements ChaosCase {

    private static final int TASKS = 100;
    private static final Duration GONE = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @Override
    public String name() {
        return "F6";
    }

    @Override
    public String fault() {
        return "all workers gone for 20 s";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        List<Replica> workers = run.fleet().all(Service.WORKER);
        workers.forEach(run.fleet()::kill);
        List<String> keys = new ArrayList<>();
        keys.addAll(run.rest().bulk(TASKS, ChaosRun.INSTANT));
        keys.addAll(run.rest().bulk(TASKS, "default"));
        Waits.pause(GONE);
        keys.addAll(run.rest().bulk(TASKS, "any"));
        run.fleet().heal();
        run.recover(ChaosRun.INSTANT);
        run.requireWithin(LIMIT, "the backlog drains", () -> run.allSucceeded(keys));
        run.require(keys.stream().allMatch(k -> run.attempts(k) == 1), "no attempt is burned");
    }
}
