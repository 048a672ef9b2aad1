package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.TcpProxy.Use;
import java.time.Duration;
import java.util.List;

/** F3: the message is delivered again, and the task has one final. */
final class WorkerKilledBeforeResult implements ChaosCase {

    private static final int TASKS = 6;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "F3";
    }

    @Override
    public String fault() {
        return "workers killed after the reply of the backend, before its publish";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        List<Replica> workers = run.fleet().all(Service.WORKER);
        workers.forEach(w -> w.proxy().hold(Use.PUBLISHING));
        List<String> keys = run.rest().bulk(TASKS, ChaosRun.INSTANT);
        run.requireWithin(LIMIT, "the backend was called", () -> run.calls(keys) == TASKS);
        workers.forEach(run.fleet()::kill);
        run.fleet().heal();
        run.recover(ChaosRun.INSTANT);
    }
}
