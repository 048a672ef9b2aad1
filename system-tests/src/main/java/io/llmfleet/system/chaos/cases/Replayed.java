package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import java.time.Duration;

/** F26: it survives. */
final class Replayed implements ChaosCase {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "F26";
    }

    @Override
    public String fault() {
        return "replay of a parked task, then one more transient failure";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> Behaviour.status(400));
        String key = run.rest().submit(HttpBackend.MODEL);
        run.requireWithin(LIMIT, "it is parked", () -> run.observer().letters().size() == 1);
        run.require(run.state(key).equals("FAILED"), "a permanent failure is final at once");
        int before = run.fleet().backend().calls(key).size();
        run.fleet()
                .backend()
                .behave(
                        call ->
                                run.fleet().backend().calls(key).size() > before + 1
                                        ? Behaviour.GOOD
                                        : Behaviour.status(500));
        String letter = run.observer().letters().getFirst().path("id").asString("");
        run.ledger().replayed(run.id(key));
        run.require(
                run.api().post("/dead-letters/" + letter + "/replay", null).ok(), "it is replayed");
        run.requireWithin(LIMIT, "it succeeds in the end", () -> run.succeeded(key));
        run.require(
                !run.api().post("/dead-letters/" + letter + "/replay", null).ok(),
                "a letter is replayed once");
    }
}
