package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;
import java.util.List;

/**
 * F19: the breaker pauses consuming, attempts are not burned, and it recovers within a probe
 * interval.
 */
final class BackendDown implements ChaosCase {

    private static final int TASKS = 100;
    private static final int MOST_CALLS = 80;
    private static final Duration DOWN = Duration.ofSeconds(20);

    /** 5 s here, and the shortest levels that tasks wait in. */
    private static final Duration INTERVAL = Duration.ofSeconds(12);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "F19";
    }

    @Override
    public String fault() {
        return "the only backend is down for 20 s";
    }

    @Override
    public FleetPlan plan() {
        return FleetPlan.usual().onlyLlm();
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> Behaviour.status(503));
        List<String> keys = run.rest().bulk(TASKS, "any");
        Waits.pause(DOWN);
        long wasted =
                run.fleet().backend().calls().stream().filter(c -> keys.contains(c.text())).count();
        run.fleet().backend().heal();
        Duration recovered = run.recover("any");
        run.note(wasted + " calls while it was down, answered again after " + recovered);
        run.require(wasted <= MOST_CALLS, "few calls are made while it is down");
        run.require(recovered.compareTo(INTERVAL) < 0, "it recovers within a probe interval");
        run.requireWithin(LIMIT, "the backlog drains", () -> run.allSucceeded(keys));
        int attempts = keys.stream().mapToInt(run::attempts).max().orElse(0);
        run.note("at most " + attempts + " attempts");
        run.require(attempts <= 3, "attempts are not burned");
    }
}
