package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Rest;
import java.time.Duration;

/** F12: back-pressure reaches the caller as 429 with an honest time; nothing is lost. */
final class WorkQueueFull implements ChaosCase {

    private static final int BULK = 100;
    private static final int MOST = 30;
    private static final Duration SLOW = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "F12";
    }

    @Override
    public String fault() {
        return "a work queue full, and more tasks than the mark";
    }

    @Override
    public FleetPlan plan() {
        return FleetPlan.usual()
                .with("FLEET_WORK_QUEUE_LENGTH", "50")
                .with("FLEET_DISPATCH_MAXOPEN", "1000");
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> Behaviour.after(SLOW));
        Rest.Answer refusal = run.rest().ask(HttpBackend.MODEL, t -> t);
        for (int i = 0; i < MOST && refusal.ok(); i++) {
            run.rest().bulk(BULK, HttpBackend.MODEL);
            refusal = run.rest().ask(HttpBackend.MODEL, t -> t);
        }
        run.note("past the mark: " + refusal.status() + ", Retry-After " + refusal.retryAfter());
        run.require(refusal.status() == 429, "past the mark the answer is 429");
        run.require(refusal.retryAfter() != null, "it says when to come again");
        run.fleet().backend().heal();
        run.recover(HttpBackend.MODEL);
    }
}
