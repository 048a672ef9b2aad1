package io.llmfleet.system.chaos.cases;

import com.rabbitmq.client.AMQP;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Promise;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** I1: refused with the field that is wrong; on the broker parked once, without a loop. */
final class BadInput implements ChaosCase {

    private static final int LETTERS = 4;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "I1";
    }

    @Override
    public String fault() {
        return "requests and messages that cannot be read";
    }

    @Override
    public Promise promise() {
        return Promise.USUAL.parks(LETTERS);
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        refused(run, "{not json", 400, "body");
        refused(run, "{\"type\":\"chat\"}", 400, "input");
        refused(run, "{\"type\":\"chat\",\"input\":{\"text\":7}}", 400, "text");
        refused(run, "{\"type\":\"sing\",\"input\":{\"text\":\"x\"}}", 400, "type");
        refused(run, "[".repeat(200) + "]".repeat(200), 400, "nested");
        refused(run, "{\"type\":\"" + "x".repeat(5_000_000) + "\"}", 413, "4194304");
        run.amqp().publish("chat.any", plain(), "{not json".getBytes(StandardCharsets.UTF_8));
        byte[] nothing = new byte[0];
        run.admin().publish(Exchanges.INGRESS, "normal.chat.any", Map.of(), "i1-a", nothing);
        run.admin().publish(Exchanges.REPLIES, "chat.succeeded", Map.of(), "i1-b", nothing);
        Map<String, Object> strange = Map.of(Headers.VERSION, "x");
        run.admin().publish(Exchanges.WORK, "chat.default.normal", strange, "i1-c", nothing);
        run.requireWithin(
                LIMIT, "each is parked", () -> run.observer().letters().size() == LETTERS);
        run.recover(ChaosRun.INSTANT);
    }

    private static void refused(ChaosRun run, String body, int status, String says) {
        Rest.Answer answer =
                run.api().send("POST", "/tasks", body, Map.of("Content-Type", "application/json"));
        run.require(
                answer.status() == status && answer.body().contains(says),
                "refused with "
                        + status
                        + " naming '"
                        + says
                        + "', but "
                        + answer.status()
                        + " "
                        + answer.body());
    }

    private static AMQP.BasicProperties plain() {
        return new AMQP.BasicProperties.Builder().messageId("i1").deliveryMode(2).build();
    }
}
