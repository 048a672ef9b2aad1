package io.llmfleet.system.observability;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.node.ObjectNode;

/**
 * A steady mix of tasks: every type that can be done, all priorities, two tenants and an AMQP
 * client, streams, webhooks, and now and then a task that fails.
 */
final class MixedLoad implements AutoCloseable {

    /** A backend answers this text with 400. */
    static final String REFUSED = "please refuse this";

    /** A backend takes a while for this text. */
    static final String SLOW = "please take your time";

    private static final long TICK_MILLIS = 250;
    private static final int TICKS_PER_SECOND = 4;
    private static final long CONFIRM_MILLIS = 5_000;
    private static final List<String> PRIORITIES = List.of("high", "normal", "low");
    private static final String TEXT =
            "A queue keeps messages until they are read. Workers read them one by one.";

    private static final List<Map<String, Object>> BUILT_IN =
            List.of(
                    typed("summarize", Map.of("text", TEXT)),
                    typed("classify", Map.of("text", TEXT, "labels", List.of("queue", "cat"))),
                    typed("extract", Map.of("text", TEXT)),
                    typed("answer", Map.of("question", "Who reads?", "context", TEXT)),
                    typed("embed", Map.of("text", TEXT)));

    private final Rest rest;
    private final Rest payer;
    private final ConnectionFactory client;
    private final String user;
    private final String hook;

    /** Over HTTP and over AMQP, which may be blocked, apart. */
    private final ScheduledExecutorService schedule =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().name("mixed-load").daemon().factory());

    private final List<String> badRequests = new CopyOnWriteArrayList<>();
    private volatile int refusedPerSecond;
    private volatile boolean paused;
    private int tick;

    /**
     * @param payer another tenant, whose tasks cost
     * @param client connects as the AMQP client {@code user}
     */
    MixedLoad(Rest rest, Rest payer, ConnectionFactory client, String user, String hook) {
        this.rest = rest;
        this.payer = payer;
        this.client = client;
        this.user = user;
        this.hook = hook;
    }

    void start() {
        var _ = schedule.scheduleAtFixedRate(this::next, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** From now on so many tasks a second fail for good. */
    void refuse(int perSecond) {
        refusedPerSecond = perSecond;
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
    }

    /** Many tasks at once for one target. */
    void bulk(int count, String target, String priority, String text) {
        String line = Json.write(chat(text, target).put("priority", priority)) + "\n";
        Rest.Answer answer =
                rest.send(
                        "POST",
                        "/tasks/bulk",
                        line.repeat(count),
                        Map.of("Content-Type", "application/x-ndjson"));
        if (!answer.ok()) {
            throw new IllegalStateException(answer.toString());
        }
    }

    /** Why tasks were refused that are meant to be accepted. */
    List<String> badRequests() {
        return List.copyOf(badRequests);
    }

    void submit(ObjectNode task) {
        submit(rest, task);
    }

    private void submit(Rest by, ObjectNode task) {
        Rest.Answer answer = by.post("/tasks", task);
        if (answer.refused()) {
            badRequests.add(answer.body());
        }
    }

    private void next() {
        if (paused) {
            return;
        }
        everyTick(tick);
        if (tick % TICKS_PER_SECOND == 0) {
            everySecond(tick / TICKS_PER_SECOND);
        }
        tick++;
    }

    private void everyTick(int number) {
        ObjectNode streamed = chat("a stream of some words", "instant");
        streamed.putObject("parameters").put("stream", true);
        submit(rest, streamed);
        ObjectNode typed = Json.MAPPER.valueToTree(BUILT_IN.get(number % BUILT_IN.size()));
        submit(rest, typed.put("priority", PRIORITIES.get(number % PRIORITIES.size())));
    }

    private void everySecond(int second) {
        submit(payer, chat("what does it cost", "priced").put("priority", "high"));
        ObjectNode hooked = chat("and tell me", "instant");
        hooked.put("webhook", hook);
        submit(rest, hooked);
        submit(rest, chat("elsewhere", ObservedFleet.SECOND));
        submit(rest, chat(SLOW, "priced"));
        submit(rest, chat("no hurry", ObservedFleet.FIRST).put("priority", "low"));
        int refused = refusedPerSecond > 0 ? refusedPerSecond : second % 5 == 0 ? 1 : 0;
        for (int i = 0; i < refused; i++) {
            submit(rest, chat(REFUSED, "priced"));
        }
    }

    /** Tasks over AMQP, whose results are sent to their client; while nothing is taken, none. */
    void publish(String target, int count, String text) {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .contentType("application/json")
                        .deliveryMode(2)
                        .replyTo("results")
                        .build();
        byte[] body = Json.bytes(Map.of("text", text));
        try (Connection connection = client.newConnection("mixed load");
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (int i = 0; i < count; i++) {
                channel.basicPublish(Exchanges.submit(user), "chat." + target, properties, body);
            }
            channel.waitForConfirms(CONFIRM_MILLIS);
        } catch (IOException | TimeoutException e) {
            // What is broken on purpose takes nothing; the load goes on behind it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static ObjectNode chat(String text, String target) {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "chat").put("target", target);
        task.putObject("input").put("text", text);
        return task;
    }

    private static Map<String, Object> typed(String type, Map<String, Object> input) {
        return Map.of("type", type, "target", "builtin-minilm", "input", input);
    }

    @Override
    public void close() {
        schedule.shutdownNow();
    }
}
