package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Promise;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.HttpBackend.Call;
import io.llmfleet.system.chaos.fleet.Replica;
import java.time.Duration;
import java.util.List;

/** F20: the innocents succeed, and the poison is parked with its reason. */
final class Poison implements ChaosCase {

    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final Duration LONG = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "F20";
    }

    @Override
    public String fault() {
        return "a task that kills its worker each time, among nine innocents";
    }

    @Override
    public Promise promise() {
        return Promise.USUAL.parks(1).mayRepeatCalls();
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        List<String> innocents = run.rest().bulk(4, HttpBackend.MODEL);
        String poison = run.rest().submit(HttpBackend.MODEL, t -> t.put("priority", "high"));
        run.ledger().expect(poison, "FAILED");
        run.fleet().backend().behave(call -> deadly(run, call, poison));
        List<String> more = run.rest().bulk(5, HttpBackend.MODEL);
        run.requireWithin(
                LIMIT, "the poison is given up", () -> run.state(poison).equals("FAILED"));
        run.require(
                run.task(poison).path("failure").path("code").asString("").equals("POISON"),
                "its failure says so");
        run.requireWithin(
                LIMIT,
                "the innocents succeed",
                () -> run.allSucceeded(innocents) && run.allSucceeded(more));
    }

    private static Behaviour deadly(ChaosRun run, Call call, String poison) {
        if (!call.text().equals(poison)) {
            return Behaviour.GOOD;
        }
        Replica worker = run.worker(call.caller());
        Thread.ofVirtual()
                .start(
                        () -> {
                            run.fleet().kill(worker);
                            worker.start();
                        });
        return Behaviour.after(LONG);
    }
}
