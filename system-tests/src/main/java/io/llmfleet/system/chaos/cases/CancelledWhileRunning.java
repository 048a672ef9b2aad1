package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Tap;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** F25: it stays CANCELLED, and the call is aborted. */
final class CancelledWhileRunning implements ChaosCase {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "F25";
    }

    @Override
    public String fault() {
        return "cancel while a call runs, then a late result";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> Behaviour.after(LONG));
        String key = run.rest().submit(HttpBackend.MODEL);
        run.ledger().expect(key, "CANCELLED");
        HttpBackend backend = run.fleet().backend();
        Waits.require("it is called", LIMIT, () -> !backend.calls(key).isEmpty());
        run.api().post("/tasks/" + run.id(key) + "/cancel", null);
        run.requireWithin(
                LIMIT, "the call is aborted", () -> backend.calls(key).getFirst().aborted());
        Map<String, Object> headers = new HashMap<>(dispatch(run, key).properties().getHeaders());
        headers.put(Headers.OUTCOME, RoutingKeys.SUCCEEDED);
        headers.put(Headers.WORKER, "late");
        run.admin()
                .publish(
                        Exchanges.REPLIES,
                        RoutingKeys.reply("chat", RoutingKeys.SUCCEEDED),
                        headers,
                        run.id(key) + ":1:1",
                        Json.bytes(
                                Map.of("output", Map.of("choices", List.of()), "model", "late")));
        Waits.pause(SETTLE);
        run.require(run.state(key).equals("CANCELLED"), "it stays cancelled");
    }

    private static Tap.Copy dispatch(ChaosRun run, String key) {
        String id = run.id(key);
        return run.tap().read().stream()
                .filter(c -> c.exchange().equals(Exchanges.INGRESS))
                .filter(c -> String.valueOf(c.properties().getMessageId()).startsWith(id))
                .findFirst()
                .orElseThrow();
    }
}
