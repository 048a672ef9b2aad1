package io.llmfleet.system.chaos.cases;

import com.rabbitmq.client.AMQP;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Promise;
import io.llmfleet.wire.Exchanges;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** I2: it is parked, not discarded. */
final class BadInputWithDeath implements ChaosCase {

    private static final int LETTERS = 2;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "I2";
    }

    @Override
    public String fault() {
        return "a bad message that already has an x-death";
    }

    @Override
    public Promise promise() {
        return Promise.USUAL.parks(LETTERS);
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        Map<String, Object> death =
                Map.of("queue", "llm.submit.q", "reason", "rejected", "count", 3L, "exchange", "");
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .messageId("i2")
                        .deliveryMode(2)
                        .headers(Map.of("x-death", List.of(death)))
                        .build();
        run.amqp().publish("chat.any", properties, "no json".getBytes(StandardCharsets.UTF_8));
        run.admin()
                .publish(
                        Exchanges.INGRESS,
                        "normal.chat.any",
                        Map.of("x-death", List.of(death)),
                        "i2-b",
                        "no headers".getBytes(StandardCharsets.UTF_8));
        run.requireWithin(
                LIMIT, "each is parked", () -> run.observer().letters().size() == LETTERS);
    }
}
