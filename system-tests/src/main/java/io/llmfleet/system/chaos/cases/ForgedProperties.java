package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Tap;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** I5: stripped or refused; nothing expires early or is routed elsewhere. */
final class ForgedProperties implements ChaosCase {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "I5";
    }

    @Override
    public String fault() {
        return "messages with expiration, CC, BCC, a forged x-death, another user";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        Map<String, Object> headers =
                Map.of(
                        "CC",
                        List.of("chat.default"),
                        "BCC",
                        List.of("generate.any"),
                        "x-death",
                        List.of(Map.of("queue", "llm.ingress.normal", "count", 9L)),
                        Headers.EPOCH,
                        99);
        String key =
                run.amqp().submit(ChaosRun.INSTANT, p -> p.headers(headers).expiration("60000"));
        run.requireWithin(LIMIT, "it is answered", () -> run.answered(key));
        List<Tap.Copy> copies =
                run.tap().read().stream()
                        .filter(c -> c.exchange().equals(Exchanges.INGRESS))
                        .filter(c -> new String(c.body(), StandardCharsets.UTF_8).contains(key))
                        .toList();
        run.require(copies.size() == 1, "it is dispatched once");
        for (Tap.Copy copy : copies) {
            Map<String, Object> sent = copy.properties().getHeaders();
            run.require(copy.properties().getExpiration() == null, "its expiration is stripped");
            run.require(
                    !sent.containsKey("CC")
                            && !sent.containsKey("BCC")
                            && !sent.containsKey("x-death"),
                    "foreign headers are stripped");
            run.require(
                    !"99".equals(String.valueOf(sent.get(Headers.EPOCH))),
                    "its epoch is the fleet's own");
        }
        run.require(!run.amqp().mayCallItself("fleet-admin"), "another user's name is refused");
    }
}
