package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Tap;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** F24: the first wins, the other has no effect. */
final class TwoResults implements ChaosCase {

    private static final int TASKS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SETTLE = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "F24";
    }

    @Override
    public String fault() {
        return "a second, contrary result for tasks that have one";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        List<String> keys = run.rest().bulk(TASKS, ChaosRun.INSTANT);
        keys.forEach(k -> Waits.require("it ends", LIMIT, () -> run.succeeded(k)));
        Set<String> ids = Set.copyOf(keys.stream().map(run::id).toList());
        for (Tap.Copy reply : run.tap().read()) {
            Map<String, Object> headers = reply.properties().getHeaders();
            if (reply.exchange().equals(Exchanges.REPLIES)
                    && ids.contains(String.valueOf(headers.get(Headers.TASK_ID)))) {
                contradict(run, reply);
            }
        }
        Waits.pause(SETTLE);
        run.require(run.allSucceeded(keys), "the first result stays");
    }

    private static void contradict(ChaosRun run, Tap.Copy reply) {
        Map<String, Object> headers = new HashMap<>(reply.properties().getHeaders());
        headers.put(Headers.OUTCOME, RoutingKeys.FAILED);
        byte[] body =
                Json.bytes(
                        Map.of("code", "BACKEND_REFUSED", "message", "late", "retryable", false));
        run.admin()
                .publish(
                        Exchanges.REPLIES,
                        RoutingKeys.reply("chat", RoutingKeys.FAILED),
                        headers,
                        String.valueOf(reply.properties().getMessageId()),
                        body);
    }
}
