package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.llmfleet.model.Priority;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.Topology;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user of the broker must not do, tried on a real one. */
class ClientPermissionsIT {

    private static final TestBroker BROKER = TestBroker.shared().newVhost();
    private static Connection alice;

    /** Something that a client tries on a channel of its own. */
    @FunctionalInterface
    private interface Try {
        void on(Channel channel) throws Exception;
    }

    @BeforeAll
    static void connect() throws Exception {
        BROKER.apply(
                Topology.of(
                        new Topology.Spec(
                                List.of("default"),
                                RetryLadder.DEFAULT,
                                List.of("alice", "bob"),
                                100)));
        try (Connection bob = connect("bob");
                Channel channel = bob.createChannel()) {
            channel.queueDeclare("bob.results", true, false, false, null);
        }
        alice = connect("alice");
        try (Channel channel = alice.createChannel()) {
            channel.queueDeclare("alice.results", true, false, false, null);
            channel.exchangeDeclare("alice.exchange", "topic", true);
        }
    }

    @AfterAll
    static void disconnect() throws Exception {
        if (alice != null) {
            alice.close();
        }
    }

    static Stream<Named<Try>> forbidden() {
        return Stream.of(
                named(
                        "reads everybody's results",
                        c -> c.queueBind("alice.results", Exchanges.RESULTS, "#")),
                named(
                        "reads everybody's results through an exchange",
                        c -> c.exchangeBind("alice.exchange", Exchanges.RESULTS, "#")),
                named(
                        "reads another client's results",
                        c -> c.queueBind("alice.results", Exchanges.RESULTS, "*.*.bob.#")),
                named(
                        "reads results by a pattern for the client",
                        c -> c.queueBind("alice.results", Exchanges.RESULTS, "*.*.*.main")),
                named(
                        "reads tasks on their way",
                        c -> c.queueBind("alice.results", Exchanges.INGRESS, "#")),
                named(
                        "reads another client's submissions",
                        c -> c.queueBind("alice.results", Exchanges.submit("bob"), "#")),
                named("reads events", c -> c.queueBind("alice.results", Exchanges.EVENTS, "#")),
                named("consumes what others submit", c -> c.basicGet(Queues.SUBMIT, false)),
                named("consumes another client's queue", c -> c.basicGet("bob.results", false)),
                named("purges the submissions", c -> c.queuePurge(Queues.SUBMIT)),
                named("purges another client's queue", c -> c.queuePurge("bob.results")),
                named("deletes another client's queue", c -> c.queueDelete("bob.results")),
                named("deletes a queue of the fleet", c -> c.queueDelete(Queues.REPLIES)),
                named(
                        "deletes its submit exchange",
                        c -> c.exchangeDelete(Exchanges.submit("alice"))),
                named(
                        "unbinds its submit exchange",
                        c -> c.queueUnbind(Queues.SUBMIT, Exchanges.submit("alice"), "#")),
                named(
                        "binds another exchange to the submissions",
                        c -> c.queueBind(Queues.SUBMIT, "alice.exchange", "#")),
                named(
                        "declares a queue that is not its own",
                        c -> c.queueDeclare("shared", true, false, false, null)),
                named(
                        "has its dead letters sent on into the fleet",
                        c -> declareWith(c, "x-dead-letter-exchange", Exchanges.INGRESS)),
                named(
                        "has what its exchange cannot route sent on into the fleet",
                        c ->
                                c.exchangeDeclare(
                                        "alice.second",
                                        "topic",
                                        true,
                                        false,
                                        Map.of("alternate-exchange", Exchanges.WORK))),
                named("submits as another client", c -> publish(c, Exchanges.submit("bob"))),
                named("forges a task", c -> publish(c, Exchanges.INGRESS)),
                named("forges work", c -> publish(c, Exchanges.WORK)),
                named("forges a reply", c -> publish(c, Exchanges.REPLIES)),
                named("forges a result", c -> publish(c, Exchanges.RESULTS)),
                named("forges a cancellation", c -> publish(c, Exchanges.CONTROL)),
                named("writes to a queue past the exchanges", c -> publish(c, "")));
    }

    @ParameterizedTest(name = "a client is refused that {0}")
    @MethodSource("forbidden")
    void refusesAClient(Try action) {
        assertThatThrownBy(() -> on(alice, action)).satisfies(ClientPermissionsIT::accessRefused);
    }

    @ParameterizedTest
    @ValueSource(strings = {BrokerUser.PRODUCER, BrokerUser.ROUTER, BrokerUser.WORKER})
    void refusesAServiceWhateverChangesTheTopology(String user) throws Exception {
        String queue = Queues.work("default", Priority.NORMAL);
        List<Try> all =
                List.of(
                        c -> c.queueDeclare("llm.own", true, false, false, null),
                        c -> c.exchangeDeclare("llm.own", "topic", true),
                        c -> c.queueDelete(queue),
                        c -> c.exchangeDelete(Exchanges.WORK),
                        c -> c.queueBind(queue, Exchanges.INGRESS, "#"),
                        c -> c.queueUnbind(queue, Exchanges.WORK, "*.default.normal"),
                        c -> c.queuePurge("bob.results"),
                        c -> publish(c, Exchanges.submit("bob")),
                        c -> publish(c, ""));
        try (Connection service = connect(user)) {
            for (Try action : all) {
                assertThatThrownBy(() -> on(service, action))
                        .satisfies(ClientPermissionsIT::accessRefused);
            }
        }
    }

    @Test
    void letsNoUserOfTheFleetIntoTheManagementApi() {
        for (String user : List.of("alice", BrokerUser.PRODUCER, BrokerUser.WORKER)) {
            var management =
                    new ManagementApi(
                            new BrokerEndpoint(
                                    BROKER.uri(user), BROKER.endpoint().managementUrl()));
            assertThatThrownBy(() -> management.get("/api/queues"))
                    .hasMessageContaining("does not know the user");
        }
    }

    @Test
    void letsAUserIntoNoOtherVirtualHost() {
        var elsewhere = new BrokerEndpoint(BROKER.uri("alice"), null).onVhost("/");
        assertThatThrownBy(() -> elsewhere.factory().newConnection().close())
                .satisfies(e -> assertThat(chain(e)).containsAnyOf("NOT_ALLOWED", "not allowed"));
    }

    @Test
    void letsAClientDoWhatItIsFor() {
        List<Try> all =
                List.of(
                        c -> c.queueBind("alice.results", Exchanges.RESULTS, "*.*.alice.#"),
                        c -> declareWith(c, "x-dead-letter-exchange", "alice.exchange"),
                        c -> c.basicGet("alice.results", true),
                        c -> c.queuePurge("alice.results"),
                        c -> publish(c, Exchanges.submit("alice")));
        for (Try action : all) {
            assertThatCode(() -> on(alice, action)).doesNotThrowAnyException();
        }
    }

    private static Named<Try> named(String what, Try action) {
        return Named.of(what, action);
    }

    private static Connection connect(String user) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(BROKER.uri(user));
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("test");
    }

    private static void on(Connection connection, Try action) throws Exception {
        Channel channel = connection.createChannel();
        action.on(channel);
        channel.close();
    }

    private static void declareWith(Channel channel, String argument, String value)
            throws Exception {
        channel.queueDeclare("alice.with-" + argument, true, false, false, Map.of(argument, value));
    }

    private static void publish(Channel channel, String exchange) throws Exception {
        channel.confirmSelect();
        channel.basicPublish(
                exchange, Queues.REPLIES, new AMQP.BasicProperties(), "{}".getBytes("UTF-8"));
        channel.waitForConfirmsOrDie(10_000);
    }

    private static void accessRefused(Throwable e) {
        assertThat(chain(e)).contains("ACCESS_REFUSED");
    }

    private static String chain(Throwable e) {
        return e + (e.getCause() == null ? "" : " / " + chain(e.getCause()));
    }
}
