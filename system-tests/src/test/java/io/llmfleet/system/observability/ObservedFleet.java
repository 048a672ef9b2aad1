package io.llmfleet.system.observability;

import com.rabbitmq.client.AMQP;
import io.llmfleet.cli.local.Broker;
import io.llmfleet.cli.local.DatabaseEndpoint;
import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.fleet.AdminChannel;
import io.llmfleet.system.chaos.fleet.BrokerView;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.FleetUnderTest;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.fleet.TcpProxy;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A fleet of two pools under a {@link MixedLoad}, and the faults that its alerts are about. */
final class ObservedFleet implements AutoCloseable {

    /** A pool with a worker that is never hurt. */
    static final String FIRST = "default";

    /** A pool with a worker that is. */
    static final String SECOND = "second";

    private static final String CLIENT = "observed";
    private static final String BROKEN = "what breaks the backend";
    private static final int TASKS_AT_LOSS = 1_000;
    private static final Duration SLOW = Duration.ofSeconds(3);
    private static final Duration HELD = Duration.ofMillis(1_500);

    private final FailingHooks hooks = new FailingHooks();
    private final FleetUnderTest fleet;
    private MixedLoad load;
    private volatile boolean disturbing;

    ObservedFleet(Path folder, String broker) {
        fleet = new FleetUnderTest(ShippedFiles.ROOT, folder, plan(), broker, System.out::println);
    }

    private static FleetPlan plan() {
        return FleetPlan.usual()
                .withReplicas(1)
                .withPools(FIRST, SECOND)
                .with("FLEET_RETRY_LEVELS", "2s,5s")
                .with("FLEET_INSTANT_DELTAS", "3")
                .with("FLEET_BUILTIN_ENABLED", "true")
                // The harness's backend once more, as one whose calls cost.
                .with("FLEET_BACKENDS_0_NAME", "priced")
                .with("FLEET_BACKENDS_0_BASEURL", "${LLM_BASE_URL}")
                .with("FLEET_BACKENDS_0_APIKEY", "${LLM_API_KEY}")
                .with("FLEET_BACKENDS_0_MODELS", "priced")
                .with("FLEET_BACKENDS_0_PRICES_PRICED_INPUT", "1000")
                .with("FLEET_BACKENDS_0_PRICES_PRICED_OUTPUT", "2000")
                .with("FLEET_WEBHOOK_RETRIES", "1s,1s,1s,1s,1s,1s,1s,1s")
                .with("FLEET_WEBHOOK_ALLOWED_HOSTS", "127.0.0.1");
    }

    void start() {
        fleet.start();
        fleet.backend().behave(call -> behaviour(call.text()));
        Rest rest = new Rest(fleet.producerUrls(), fleet.adminKey());
        load =
                new MixedLoad(
                        rest,
                        withKey("payer", Map.of()),
                        fleet.clientFactory(CLIENT),
                        CLIENT,
                        hooks.url());
        load.start();
    }

    private static Behaviour behaviour(String text) {
        return switch (text) {
            case MixedLoad.REFUSED -> Behaviour.status(400);
            case MixedLoad.SLOW -> Behaviour.after(SLOW);
            case BROKEN -> Behaviour.status(500);
            default -> Behaviour.GOOD;
        };
    }

    /** A key of a tenant of its own. */
    private Rest withKey(String tenant, Map<String, Object> limits) {
        Rest admin = new Rest(fleet.producerUrls(), fleet.adminKey());
        ObjectNode wanted = Json.MAPPER.createObjectNode();
        wanted.put("name", tenant).put("tenant", tenant);
        wanted.set("limits", Json.MAPPER.valueToTree(limits));
        Rest.Answer answer = admin.post("/keys", wanted);
        if (!answer.ok()) {
            throw new IllegalStateException(answer.toString());
        }
        return admin.withKey(answer.json().path("key").asString(""));
    }

    /** What Prometheus scrapes, by scrape job. */
    Map<String, List<String>> targets() {
        String broker = URI.create(broker().metricsUrl().orElseThrow()).getAuthority();
        return Map.of(
                "producer-service", targets(Service.PRODUCER),
                "router-service", targets(Service.ROUTER),
                "worker-service", targets(Service.WORKER),
                "rabbitmq", List.of(broker),
                "rabbitmq-node", List.of(broker));
    }

    private List<String> targets(Service service) {
        return fleet.all(service).stream().map(r -> URI.create(r.url()).getAuthority()).toList();
    }

    MixedLoad load() {
        return load;
    }

    private Broker broker() {
        return fleet.broker();
    }

    /** A backend that nobody else uses answers 500. */
    void breakBackend() {
        ObjectNode task = MixedLoad.chat(BROKEN, HttpBackend.MODEL);
        keepDoing(Duration.ofMillis(500), () -> load.submit(task));
    }

    void failWebhooks() {
        hooks.fail();
    }

    /** A key that may spend next to nothing goes on asking. */
    void spendBudget() {
        Rest poor = withKey("poor", Map.of("costPerDay", 0.000001));
        ObjectNode task =
                Json.MAPPER.createObjectNode().put("type", "chat").put("target", "priced");
        task.putObject("input").put("text", "money is no object");
        keepDoing(Duration.ofSeconds(1), () -> poor.post("/tasks", task));
    }

    /** More slow tasks of priority high than the first pool does in half a minute. */
    void makeHighWait() {
        load.bulk(100, "priced", "high", MixedLoad.SLOW);
    }

    void unbindLowOfFirstPool() {
        new AdminChannel(fleet.endpoint())
                .run(
                        channel ->
                                channel.queueUnbind(
                                        "llm.work." + FIRST + ".low",
                                        Exchanges.WORK,
                                        "*." + FIRST + ".low"));
    }

    /** A message that no worker can read has nowhere to go. */
    void deadLetterIntoNothing() {
        new BrokerView(fleet.endpoint()).deleteExchange(Exchanges.DEAD);
        byte[] body = "not a task".getBytes(StandardCharsets.UTF_8);
        new AdminChannel(fleet.endpoint())
                .publish(Exchanges.WORK, "chat." + FIRST + ".normal", Map.of(), "unreadable", body);
    }

    /** What the readers of the event stream get is an hour old. */
    void publishOldEvents() {
        AMQP.BasicProperties old =
                new AMQP.BasicProperties.Builder()
                        .timestamp(Date.from(Instant.now().minus(Duration.ofHours(1))))
                        .build();
        AdminChannel admin = new AdminChannel(fleet.endpoint());
        keepDoing(
                Duration.ofMillis(200),
                () ->
                        admin.run(
                                channel ->
                                        channel.basicPublish(
                                                Exchanges.EVENTS,
                                                "states.chat",
                                                old,
                                                "[]".getBytes(StandardCharsets.UTF_8))));
    }

    /** What the router publishes is on its way to the broker for more than a second. */
    void holdUpTheRouter() {
        TcpProxy proxy = fleet.one(Service.ROUTER, 1).proxy();
        keepDoing(
                Duration.ofMillis(300),
                () -> {
                    proxy.hold(TcpProxy.Use.PUBLISHING);
                    Waits.pause(HELD);
                    proxy.release();
                });
    }

    /** The limit of free disk is near to what is free. */
    void fillDiskNearly(double freeBytes) {
        broker().control("set_disk_free_limit", Long.toString((long) (freeBytes * 0.7)));
    }

    void raiseAlarm() {
        fleet.raiseAlarm();
    }

    void clearAlarm() {
        fleet.clearAlarm();
    }

    /** Tasks of the AMQP client get their results while the broker takes none. */
    void cancelTasksOfClient() {
        Rest client = withKey(CLIENT, Map.of());
        for (JsonNode task : client.get("/tasks?state=ROUTED").json().path("items")) {
            client.post("/tasks/" + task.path("id").asString("") + "/cancel", null);
        }
    }

    /** Tasks, some of them of the AMQP client, wait for a worker that dies. */
    void loseSecondWorkerUnderWork() {
        load.publish(SECOND, 10);
        load.bulk(TASKS_AT_LOSS, SECOND, "normal", MixedLoad.SLOW);
        fleet.one(Service.WORKER, 2).kill();
    }

    /** As a bug would that loses work: tasks that wait for the second pool are gone. */
    int loseTasksOfSecondPool() throws SQLException {
        DatabaseEndpoint store = fleet.database();
        try (Connection c =
                        DriverManager.getConnection(store.url(), store.user(), store.password());
                var lose = c.prepareStatement("delete from task_open where target = ?")) {
            lose.setString(1, SECOND);
            return lose.executeUpdate();
        }
    }

    /** Broker, database and router are gone at once. */
    void killBrokerDatabaseAndRouter() {
        fleet.killBroker();
        fleet.killDatabase();
        fleet.one(Service.ROUTER, 1).kill();
    }

    private void keepDoing(Duration pause, Runnable step) {
        disturbing = true;
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (disturbing) {
                                try {
                                    step.run();
                                    Waits.pause(pause);
                                } catch (RuntimeException e) {
                                    // The broker may be away by now.
                                    Waits.pause(HELD);
                                }
                            }
                        });
    }

    /** What was done again and again ends. */
    void calm() {
        disturbing = false;
    }

    @Override
    public void close() {
        calm();
        if (load != null) {
            load.close();
        }
        fleet.close();
        hooks.close();
    }
}
