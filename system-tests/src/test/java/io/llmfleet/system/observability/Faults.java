package io.llmfleet.system.observability;

import com.rabbitmq.client.AMQP;
import io.llmfleet.cli.local.DatabaseEndpoint;
import io.llmfleet.cli.local.Service;
import io.llmfleet.model.TaskState;
import io.llmfleet.system.chaos.fleet.AdminChannel;
import io.llmfleet.system.chaos.fleet.BrokerView;
import io.llmfleet.system.chaos.fleet.FleetUnderTest;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.fleet.TcpProxy;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.wire.Exchanges;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is done to a fleet so that its alerts fire. */
final class Faults {

    private static final int TASKS_AT_LOSS = 1_000;
    private static final int HIGH_TASKS = 80;
    private static final Duration HELD = Duration.ofMillis(1_500);

    private final ObservedFleet fleet;
    private final FleetUnderTest under;
    private volatile boolean disturbing;

    Faults(ObservedFleet fleet) {
        this.fleet = fleet;
        this.under = fleet.underTest();
    }

    /** A backend that nobody else uses answers 500. */
    void breakBackend() {
        ObjectNode task = MixedLoad.chat(ObservedFleet.BROKEN, HttpBackend.MODEL);
        keepDoing(Duration.ofMillis(500), () -> fleet.load().submit(task));
    }

    void failWebhooks() {
        fleet.hooks().fail();
    }

    /** A key that may spend next to nothing goes on asking. */
    void spendBudget() {
        Rest poor = fleet.withKey("poor", Map.of("costPerDay", 0.000001));
        ObjectNode task = MixedLoad.chat("money is no object", "priced");
        keepDoing(Duration.ofSeconds(1), () -> poor.post("/tasks", task));
    }

    /** More slow tasks of priority high than the first pool does in a quarter of a minute. */
    void makeHighWait() {
        fleet.load().bulk(HIGH_TASKS, ObservedFleet.FIRST, "high", MixedLoad.SLOW);
    }

    void unbindLowOfFirstPool() {
        new AdminChannel(under.endpoint())
                .run(
                        channel ->
                                channel.queueUnbind(
                                        "llm.work." + ObservedFleet.FIRST + ".low",
                                        Exchanges.WORK,
                                        "*." + ObservedFleet.FIRST + ".low"));
    }

    /** A message that no worker can read has nowhere to go. */
    void deadLetterIntoNothing() {
        new BrokerView(under.endpoint()).deleteExchange(Exchanges.DEAD);
        byte[] body = "not a task".getBytes(StandardCharsets.UTF_8);
        new AdminChannel(under.endpoint())
                .publish(
                        Exchanges.WORK,
                        "chat." + ObservedFleet.FIRST + ".normal",
                        Map.of(),
                        "unreadable",
                        body);
    }

    /** What the readers of the event stream get is an hour old. */
    void publishOldEvents() {
        AMQP.BasicProperties old =
                new AMQP.BasicProperties.Builder()
                        .timestamp(Date.from(Instant.now().minus(Duration.ofHours(1))))
                        .build();
        AdminChannel admin = new AdminChannel(under.endpoint());
        keepDoing(
                Duration.ofMillis(500),
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
        TcpProxy proxy = under.one(Service.ROUTER, 1).proxy();
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
        under.broker().control("set_disk_free_limit", Long.toString((long) (freeBytes * 0.7)));
    }

    void raiseAlarm() {
        under.raiseAlarm();
    }

    void clearAlarm() {
        under.clearAlarm();
    }

    /** Tasks of the AMQP client get their results while the broker takes none. */
    void cancelTasksOfClient() {
        Rest client = fleet.withKey(ObservedFleet.CLIENT, Map.of());
        for (TaskState state : TaskState.values()) {
            if (!state.isFinal()) {
                for (JsonNode task : client.get("/tasks?state=" + state).json().path("items")) {
                    client.post("/tasks/" + task.path("id").asString("") + "/cancel", null);
                }
            }
        }
    }

    /** Tasks, some of them of the AMQP client, wait for a worker that dies. */
    void loseSecondWorkerUnderWork() {
        fleet.load().bulk(TASKS_AT_LOSS, ObservedFleet.SECOND, "normal", MixedLoad.SLOW);
        fleet.load().publish(ObservedFleet.SECOND, 10, MixedLoad.SLOW);
        under.one(Service.WORKER, 2).kill();
    }

    /** As a bug would that loses work: tasks that wait for the second pool are gone. */
    int loseTasksOfSecondPool() throws SQLException {
        DatabaseEndpoint store = under.database();
        try (Connection c =
                        DriverManager.getConnection(store.url(), store.user(), store.password());
                var lose = c.prepareStatement("delete from task_open where target = ?")) {
            lose.setString(1, ObservedFleet.SECOND);
            return lose.executeUpdate();
        }
    }

    /** Broker, database and router are gone at once. */
    void killBrokerDatabaseAndRouter() {
        under.killBroker();
        under.killDatabase();
        under.one(Service.ROUTER, 1).kill();
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
}
