package io.llmfleet.system.chaos.cases;

import io.llmfleet.model.Priority;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Promise;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.wire.Queues;
import java.time.Duration;
import java.util.List;

/** F16: consumers recover, and what was in it is dispatched anew. */
final class WorkQueueDeleted implements ChaosCase {

    private static final int TASKS = 60;
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @Override
    public String name() {
        return "F16";
    }

    @Override
    public String fault() {
        return "a work queue with a backlog is deleted";
    }

    @Override
    public Promise promise() {
        return Promise.USUAL.mayRepeatCalls();
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> Behaviour.after(SLOW));
        List<String> keys = run.rest().bulk(TASKS, HttpBackend.MODEL);
        Waits.require(
                "workers are busy",
                LIMIT,
                () ->
                        run.fleet().backend().calls().stream()
                                .anyMatch(c -> keys.contains(c.text())));
        run.broker().deleteQueue(Queues.work("default", Priority.NORMAL));
        Waits.pause(SLOW);
        run.fleet().applyTopology();
        run.fleet().backend().heal();
        run.requireWithin(LIMIT, "what was in the queue ends", () -> run.allSucceeded(keys));
    }
}
