package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.Rest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * F11: accepting goes on up to a mark, then it is refused with an honest time; nothing is burned.
 */
final class DiskAlarm implements ChaosCase {

    private static final int BULK = 200;
    private static final int MARK = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "F11";
    }

    @Override
    public String fault() {
        return "disk alarm on the broker, under load up to the mark";
    }

    @Override
    public FleetPlan plan() {
        return FleetPlan.usual()
                .with("FLEET_WORK_QUEUE_LENGTH", "50")
                .with("FLEET_DISPATCH_MAXOPEN", "1000");
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.rest().bulk(BULK, ChaosRun.INSTANT);
        run.fleet().raiseAlarm();
        List<String> keys = new ArrayList<>();
        while (keys.size() < MARK + BULK) {
            keys.addAll(run.rest().bulk(BULK, ChaosRun.INSTANT));
        }
        Rest.Answer refusal = run.rest().ask(ChaosRun.INSTANT, t -> t);
        for (int i = 0; i < BULK && refusal.ok(); i++) {
            refusal = run.rest().ask(ChaosRun.INSTANT, t -> t);
        }
        run.note("past the mark: " + refusal.status() + ", Retry-After " + refusal.retryAfter());
        run.require(refusal.status() == 503, "past the mark the answer is 503");
        run.require(refusal.retryAfter() != null, "it says when to come again");
        run.fleet().clearAlarm();
        run.recover(ChaosRun.INSTANT);
        List<String> accepted = keys.stream().filter(run::accepted).toList();
        run.require(accepted.size() >= MARK - 2 * BULK, "accepting went on up to the mark");
        run.requireWithin(LIMIT, "what was accepted drains", () -> run.allSucceeded(accepted));
        run.require(accepted.stream().allMatch(k -> run.attempts(k) == 1), "no attempt is burned");
    }
}
