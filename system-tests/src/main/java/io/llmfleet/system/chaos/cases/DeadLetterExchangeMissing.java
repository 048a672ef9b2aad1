package io.llmfleet.system.chaos.cases;

import io.llmfleet.model.Priority;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Promise;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.RoutingKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** F14: letters wait and arrive; none is lost. */
final class DeadLetterExchangeMissing implements ChaosCase {

    private static final int LETTERS = 3;
    private static final Duration MISSING = Duration.ofSeconds(4);
    private static final Duration LIMIT = Duration.ofSeconds(200);

    @Override
    public String name() {
        return "F14";
    }

    @Override
    public String fault() {
        return "the dead-letter exchange is missing, then restored";
    }

    @Override
    public Promise promise() {
        return Promise.USUAL.parks(LETTERS);
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.broker().deleteExchange(Exchanges.DEAD);
        String key = RoutingKeys.work("chat", "default", Priority.NORMAL);
        for (int i = 0; i < LETTERS; i++) {
            byte[] body = ("not a task " + i).getBytes(StandardCharsets.UTF_8);
            run.admin().publish(Exchanges.WORK, key, Map.of(), "f14-" + i, body);
        }
        run.rest().bulk(50, ChaosRun.INSTANT);
        Waits.pause(MISSING);
        run.require(run.observer().letters().isEmpty(), "no letter arrives without the exchange");
        run.fleet().applyTopology();
        run.requireWithin(
                LIMIT, "every letter arrives", () -> run.observer().letters().size() == LETTERS);
    }
}
