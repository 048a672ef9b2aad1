package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.HttpBackend.Call;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** P1: retries of the free pool arrive on time. */
final class FullPoolBesideFreeOne implements ChaosCase {

    private static final int FLOOD = 200;
    private static final int FREE = 10;
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Their level is 1 s. */
    private static final Duration ON_TIME = Duration.ofSeconds(4);

    @Override
    public String name() {
        return "P1";
    }

    @Override
    public String fault() {
        return "a full pool beside a free one, both with retries waiting";
    }

    @Override
    public FleetPlan plan() {
        return FleetPlan.usual()
                .onlyLlm()
                .with("FLEET_WORK_QUEUE_LENGTH", "20")
                .with("FLEET_BREAKER_FAILURERATE", "100")
                .withPools("full", "free");
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        HttpBackend backend = run.fleet().backend();
        List<String> free = new ArrayList<>();
        backend.behave(
                call ->
                        call.caller().equals("worker-1")
                                ? Behaviour.after(SLOW)
                                : failFirst(run, call));
        run.rest().bulk(FLOOD, "full");
        Waits.pause(SLOW);
        for (int i = 0; i < FREE; i++) {
            free.add(run.rest().submit("free"));
        }
        run.requireWithin(LIMIT, "the free pool's tasks succeed", () -> run.allSucceeded(free));
        Duration longest = Duration.ZERO;
        for (String key : free) {
            List<Call> calls = backend.calls(key);
            Duration between = Duration.between(calls.getFirst().at(), calls.getLast().at());
            longest = between.compareTo(longest) > 0 ? between : longest;
        }
        run.note("retries of the free pool came after at most " + longest);
        run.require(longest.compareTo(ON_TIME) < 0, "its retries arrive on time");
        backend.heal();
    }

    private static Behaviour failFirst(ChaosRun run, Call call) {
        boolean again = run.fleet().backend().calls(call.text()).size() > 1;
        return again ? Behaviour.GOOD : Behaviour.status(429);
    }
}
