package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.HttpBackend.Call;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** F18: the next try comes at the next level up; others are not held up. */
final class RateLimited implements ChaosCase {

    private static final Duration LEVEL = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "F18";
    }

    @Override
    public String fault() {
        return "the backend answers 429 with Retry-After 3 (levels 1s, 2s, 5s)";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet()
                .backend()
                .behave(
                        call ->
                                run.fleet().backend().calls(call.text()).size() > 1
                                        ? Behaviour.GOOD
                                        : new Behaviour(
                                                429, Map.of("Retry-After", "3"), Duration.ZERO));
        String key = run.rest().submit(HttpBackend.MODEL);
        Waits.require("it is called", LIMIT, () -> !run.fleet().backend().calls(key).isEmpty());
        run.require(run.recover(ChaosRun.INSTANT).toSeconds() < 3, "others are answered meanwhile");
        run.requireWithin(LIMIT, "the second attempt succeeds", () -> run.succeeded(key));
        List<Call> calls = run.fleet().backend().calls(key);
        Duration between = Duration.between(calls.getFirst().at(), calls.getLast().at());
        run.note("tried again after " + between);
        run.require(calls.size() == 2, "it is called twice");
        run.require(
                between.compareTo(LEVEL) >= 0 && between.compareTo(LEVEL.plusSeconds(4)) < 0,
                "the delay is the level above the wish");
    }
}
