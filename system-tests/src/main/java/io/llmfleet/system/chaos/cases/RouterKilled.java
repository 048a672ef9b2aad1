package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.TcpProxy.Use;
import java.time.Duration;
import java.util.List;

/** F2: whatever a router has routed but not acknowledged comes again, and is not run again. */
final class RouterKilled implements ChaosCase {

    private static final int TASKS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "F2";
    }

    @Override
    public String fault() {
        return "routers killed between confirm and ack";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        List<Replica> routers = run.fleet().all(Service.ROUTER);
        routers.forEach(r -> r.proxy().hold(Use.CONSUMING));
        List<String> keys = run.rest().bulk(TASKS, ChaosRun.INSTANT);
        run.requireWithin(
                LIMIT, "tasks end though no router acknowledges", () -> run.allSucceeded(keys));
        routers.forEach(run.fleet()::kill);
        run.fleet().heal();
        run.recover(ChaosRun.INSTANT);
    }
}
