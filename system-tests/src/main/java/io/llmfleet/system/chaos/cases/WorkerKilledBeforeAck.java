package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.TcpProxy.Use;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;
import java.util.List;

/** F4: the message is delivered again, and the backend is not called again. */
final class WorkerKilledBeforeAck implements ChaosCase {

    private static final int TASKS = 6;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SETTLE = Duration.ofSeconds(8);

    @Override
    public String name() {
        return "F4";
    }

    @Override
    public String fault() {
        return "workers killed after the confirm of the reply, before the ack";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        List<Replica> workers = run.fleet().all(Service.WORKER);
        workers.forEach(w -> w.proxy().hold(Use.CONSUMING));
        List<String> keys = run.rest().bulk(TASKS, ChaosRun.INSTANT);
        run.requireWithin(
                LIMIT, "tasks end though no worker acknowledges", () -> run.allSucceeded(keys));
        workers.forEach(run.fleet()::kill);
        run.fleet().heal();
        run.recover(ChaosRun.INSTANT);
        Waits.pause(SETTLE);
        run.require(run.calls(keys) == TASKS, "no backend is called a second time");
    }
}
