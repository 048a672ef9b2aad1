package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;

/** F22: the call is finished within the grace time or returned, never acknowledged unfinished. */
final class WorkerStopped implements ChaosCase {

    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "F22";
    }

    @Override
    public String fault() {
        return "SIGTERM to a worker during a call of 3 s and one of 25 s (grace 5 s)";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> Behaviour.after(SHORT));
        String finished = stopDuring(run);
        run.requireWithin(LIMIT, "the short call is finished", () -> run.succeeded(finished));
        run.require(run.fleet().backend().calls(finished).size() == 1, "it is not called again");
        run.fleet().backend().behave(call -> Behaviour.after(LONG));
        String returned = stopDuring(run);
        run.fleet().backend().heal();
        run.requireWithin(LIMIT, "the long call is made elsewhere", () -> run.succeeded(returned));
        run.require(run.attempts(returned) == 1, "a stop burns no attempt");
    }

    /** Returns when the worker that had the call is stopped and started again. */
    private static String stopDuring(ChaosRun run) {
        String key = run.rest().submit(HttpBackend.MODEL);
        HttpBackend backend = run.fleet().backend();
        Waits.require("it is called", LIMIT, () -> !backend.calls(key).isEmpty());
        Replica worker = run.worker(backend.calls(key).getFirst().caller());
        worker.terminate();
        worker.restart();
        return key;
    }
}
