package io.llmfleet.system.chaos.cases;

import com.rabbitmq.client.AMQP;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Promise;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.wire.Exchanges;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** I3: nothing is deserialised or inflated; the services go on. */
final class HostileBodies implements ChaosCase {

    private static final int LETTERS = 3;
    private static final int BOMB_MEGABYTES = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "I3";
    }

    @Override
    public String fault() {
        return "a Java object, a type gadget and a compressed bomb";
    }

    @Override
    public Promise promise() {
        return Promise.USUAL.parks(LETTERS);
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        publish(run, "application/x-java-serialized-object", "identity", javaObject());
        publish(run, "application/json", "gzip", bomb());
        Map<String, Object> gadget = Map.of("__TypeId__", "javax.script.ScriptEngineManager");
        run.admin().publish(Exchanges.INGRESS, "normal.chat.any", gadget, "i3", javaObject());
        run.requireWithin(
                LIMIT, "each is parked", () -> run.observer().letters().size() == LETTERS);
        run.require(run.fleet().all().stream().allMatch(Replica::running), "every service runs on");
        run.recover(ChaosRun.INSTANT);
    }

    private static void publish(ChaosRun run, String type, String encoding, byte[] body) {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .contentType(type)
                        .contentEncoding(encoding)
                        .deliveryMode(2)
                        .build();
        run.amqp().publish("chat.any", properties, body);
    }

    private static byte[] javaObject() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ArrayList<>(List.of("gadget")));
        }
        return bytes.toByteArray();
    }

    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] blanks = " ".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < BOMB_MEGABYTES; i++) {
                out.write(blanks);
            }
        }
        return bytes.toByteArray();
    }
}
