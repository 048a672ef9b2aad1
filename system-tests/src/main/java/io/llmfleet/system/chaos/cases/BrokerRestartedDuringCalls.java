package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;
import java.util.List;

/** F29: no call is made twice, and the replies arrive. */
final class BrokerRestartedDuringCalls implements ChaosCase {

    private static final int TASKS = 8;
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "F29";
    }

    @Override
    public String fault() {
        return "kill -9 of the broker during calls of 25 s";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> Behaviour.after(LONG));
        List<String> keys = run.rest().bulk(TASKS, HttpBackend.MODEL);
        HttpBackend backend = run.fleet().backend();
        Waits.require(
                "all are called",
                LIMIT,
                () -> keys.stream().noneMatch(k -> backend.calls(k).isEmpty()));
        run.fleet().killBroker();
        run.fleet().broker().start();
        run.requireWithin(LIMIT, "the replies arrive", () -> run.allSucceeded(keys));
        run.require(
                keys.stream().allMatch(k -> backend.calls(k).size() == 1), "no call is made twice");
    }
}
