package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.llmfleet.cli.FleetException;
import io.llmfleet.model.Priority;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.Topology;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopologyApplierIT {

    private static final Topology TOPOLOGY = topology(20_000);

    private final TestBroker broker = TestBroker.shared().newVhost();

    private static Topology topology(int workQueueLength) {
        return Topology.of(
                new Topology.Spec(
                        List.of("default"),
                        RetryLadder.DEFAULT,
                        List.of("alice", "bob"),
                        workQueueLength));
    }

    @BeforeEach
    void apply() {
        broker.apply(TOPOLOGY);
    }

    @Test
    void changesNothingWhenAppliedTwice() {
        assertThatCode(() -> broker.apply(TOPOLOGY)).doesNotThrowAnyException();
        assertThat(broker.management().get("/api/queues/" + vhost()))
                .contains(Queues.DEAD, Queues.work("default", Priority.HIGH), Queues.CONTROL);
    }

    @Test
    void namesTheQueueAndTheArgumentThatDiffer() {
        assertThatThrownBy(() -> broker.apply(topology(5)))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("x-max-length")
                .hasMessageContaining("llm.work.default.");
    }

    @Test
    void letsTheProducerDoItsWorkAndNothingElse() throws Exception {
        try (Connection c = connect(BrokerUser.PRODUCER)) {
            allowed(() -> publish(c, Exchanges.INGRESS, "normal.chat.any"));
            allowed(() -> consume(c, Queues.REPLIES));
            refused(() -> publish(c, Exchanges.WORK, "chat.default.normal"));
            refused(() -> publish(c, "", Queues.REPLIES));
            refused(() -> consume(c, Queues.work("default", Priority.NORMAL)));
            refused(() -> declare(c, "llm.own"));
        }
    }

    @Test
    void letsTheRouterDoItsWorkAndNothingElse() throws Exception {
        try (Connection c = connect(BrokerUser.ROUTER)) {
            allowed(() -> publish(c, Exchanges.WORK, "chat.default.normal"));
            allowed(() -> publish(c, Exchanges.retry("5s"), "normal.chat.any"));
            allowed(() -> consume(c, Queues.ingress(Priority.NORMAL)));
            refused(() -> publish(c, Exchanges.RESULTS, "a.b.c.d"));
            refused(() -> publish(c, Exchanges.CONTROL, "cancel"));
            refused(() -> consume(c, Queues.REPLIES));
            refused(() -> purge(c, Queues.DEAD));
        }
    }

    @Test
    void letsTheWorkerDoItsWorkAndNothingElse() throws Exception {
        try (Connection c = connect(BrokerUser.WORKER)) {
            allowed(() -> publish(c, Exchanges.REPLIES, "chat.succeeded"));
            allowed(() -> consume(c, Queues.work("default", Priority.LOW)));
            refused(() -> publish(c, Exchanges.INGRESS, "normal.chat.any"));
            refused(() -> publish(c, Exchanges.CONTROL, "heartbeat"));
            refused(() -> consume(c, Queues.REPLIES));
            refused(() -> bind(c, Queues.EVENTS, Exchanges.REPLIES, "#"));
        }
    }

    @Test
    void keepsClientsFromOneAnother() throws Exception {
        try (Connection c = connect("alice")) {
            allowed(() -> declare(c, "alice.results"));
            allowed(() -> bind(c, "alice.results", Exchanges.RESULTS, "*.*.alice.main"));
            allowed(() -> publish(c, Exchanges.submit("alice"), "chat.any"));
            refused(() -> bind(c, "alice.results", Exchanges.RESULTS, "#"));
            refused(() -> bind(c, "alice.results", Exchanges.RESULTS, "*.*.bob.#"));
            refused(() -> publish(c, Exchanges.submit("bob"), "chat.any"));
            refused(() -> declare(c, "bob.results"));
            refused(() -> consume(c, Queues.SUBMIT));
        }
    }

    @Test
    void keepsTheAdministratorWhoseNameAClientWouldTake() {
        String administrator = broker.endpoint().user();
        Topology ofItsName =
                new Topology(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(new BrokerUser(administrator, "^$", "^$", "^$", Map.of())));
        assertThatThrownBy(() -> broker.apply(ofItsName))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("the user " + administrator);
        assertThat(broker.management().get("/api/whoami")).contains("administrator");
    }

    @Test
    void refusesGuest() {
        var factory = broker.endpoint().factory();
        factory.setUsername("someone");
        factory.setPassword("guest");
        assertThatThrownBy(() -> factory.newConnection().close())
                .hasMessageContaining("ACCESS_REFUSED");
    }

    private String vhost() {
        return ManagementApi.part(broker.endpoint().vhost());
    }

    private Connection connect(String user) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(broker.uri(user));
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("test");
    }

    private static void allowed(ThrowingCallable action) {
        assertThatCode(action).doesNotThrowAnyException();
    }

    private static void refused(ThrowingCallable action) {
        assertThatThrownBy(action).satisfies(e -> assertThat(chain(e)).contains("ACCESS_REFUSED"));
    }

    private static String chain(Throwable e) {
        return e + (e.getCause() == null ? "" : " / " + chain(e.getCause()));
    }

    private static void publish(Connection c, String exchange, String key) throws Exception {
        Channel channel = c.createChannel();
        channel.confirmSelect();
        channel.basicPublish(exchange, key, null, new byte[0]);
        channel.waitForConfirmsOrDie(60_000);
        channel.close();
    }

    private static void consume(Connection c, String queue) throws Exception {
        Channel channel = c.createChannel();
        channel.basicQos(1);
        channel.basicConsume(queue, false, (t, d) -> {}, t -> {});
        channel.close();
    }

    private static void declare(Connection c, String queue) throws Exception {
        c.createChannel().queueDeclare(queue, true, false, false, null);
    }

    private static void purge(Connection c, String queue) throws Exception {
        c.createChannel().queuePurge(queue);
    }

    private static void bind(Connection c, String queue, String exchange, String key)
            throws Exception {
        c.createChannel().queueBind(queue, exchange, key);
    }
}
