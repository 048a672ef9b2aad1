package io.llmfleet.cli.local;

import static io.llmfleet.cli.local.BrokerRights.EXCHANGES;
import static io.llmfleet.cli.local.BrokerRights.OWN_EXCHANGE;
import static io.llmfleet.cli.local.BrokerRights.OWN_QUEUE;
import static io.llmfleet.cli.local.BrokerRights.OWN_SUBMIT;
import static io.llmfleet.cli.local.BrokerRights.QUEUES;
import static io.llmfleet.cli.local.BrokerRights.TOPOLOGY;
import static io.llmfleet.cli.local.BrokerRights.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.llmfleet.cli.local.BrokerRights.Way;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Queues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each user of the broker tries everything with everything that is there, and may do just what the
 * README's table says.
 */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {BrokerUser.PRODUCER, BrokerUser.ROUTER, BrokerUser.WORKER, "alice"})
class BrokerRightsIT {

    private static final TestBroker BROKER = TestBroker.shared().newVhost();
    private static final String DEFAULT_EXCHANGE = "";
    private static final String NAMED_BY_THE_BROKER = "";

    private static final List<String> NEW =
            List.of("new", "llm.new", "llm.submit.new", "bob.new", "alice.new", "fleet-router.new");

    @Parameter String user;
    private BrokerRights rights;
    private BrokerTrial trial;

    @BeforeAll
    static void declare() {
        BROKER.apply(TOPOLOGY);
    }

    /** Also what the client deleted. */
    @BeforeEach
    void connect() throws Exception {
        try (Connection admin = BROKER.endpoint().factory().newConnection("administrator");
                Channel channel = admin.createChannel()) {
            for (String client : List.of("alice", "bob")) {
                channel.queueDeclare(client + ".queue", true, false, false, null);
                channel.exchangeDeclare(client + ".exchange", "topic", true);
            }
        }
        rights = new BrokerRights(user);
        trial = new BrokerTrial(BROKER.uri(user));
    }

    @AfterEach
    void disconnect() throws Exception {
        trial.close();
    }

    @Test
    void writesToWhatTheTableSays() throws Exception {
        assertThat(trial.accepted(together(EXCHANGES, List.of(DEFAULT_EXCHANGE)), this::publish))
                .containsExactlyInAnyOrderElementsOf(rights.written());
    }

    @Test
    void readsWhatTheTableSays() throws Exception {
        assertThat(trial.accepted(QUEUES, this::consume))
                .containsExactlyInAnyOrderElementsOf(rights.read());
    }

    /** Who may read a message may also throw it away, to the broker it is the same right. */
    @Test
    void emptiesWhatItReads() throws Exception {
        assertThat(trial.accepted(rights.queuesToEmpty(), Channel::queuePurge))
                .containsExactlyInAnyOrderElementsOf(rights.emptied());
    }

    @Test
    void declaresNoQueueButItsOwn() throws Exception {
        List<String> all = together(QUEUES, NEW, List.of(NAMED_BY_THE_BROKER));
        assertThat(trial.accepted(all, (c, q) -> c.queueDeclare(q, true, false, false, null)))
                .containsExactlyInAnyOrderElementsOf(rights.own(OWN_QUEUE, "alice.new"));
    }

    @Test
    void declaresNoExchangeButItsOwn() throws Exception {
        List<String> all = together(TOPOLOGY.exchanges(), NEW, List.of(OWN_EXCHANGE));
        assertThat(trial.accepted(all, (c, e) -> c.exchangeDeclare(e, "topic", true)))
                .containsExactlyInAnyOrderElementsOf(rights.own(OWN_EXCHANGE, "alice.new"));
    }

    @Test
    void deletesNothingButItsOwn() throws Exception {
        assertThat(trial.accepted(QUEUES, Channel::queueDelete))
                .containsExactlyInAnyOrderElementsOf(rights.own(OWN_QUEUE));
        assertThat(trial.accepted(EXCHANGES, Channel::exchangeDelete))
                .containsExactlyInAnyOrderElementsOf(rights.own(OWN_EXCHANGE));
    }

    @Test
    void bindsNoQueueButAClientItsOwnToItsOwn() throws Exception {
        assertThat(
                        trial.accepted(
                                rights.ways(QUEUES),
                                (c, w) -> c.queueBind(w.to(), w.from(), w.key())))
                .containsExactlyInAnyOrderElementsOf(rights.ownWays(OWN_QUEUE));
    }

    @Test
    void unbindsNoQueueButAClientItsOwnFromItsOwn() throws Exception {
        List<Way> all = new ArrayList<>(rights.ways(QUEUES));
        TOPOLOGY.bindings().forEach(b -> all.add(new Way(b.exchange(), b.key(), b.queue())));
        assertThat(trial.accepted(all, (c, w) -> c.queueUnbind(w.to(), w.from(), w.key())))
                .containsExactlyInAnyOrderElementsOf(rights.ownWays(OWN_QUEUE));
    }

    @Test
    void bindsNoExchangeButAClientItsOwnToItsOwn() throws Exception {
        Set<Way> expected = rights.ownWays(OWN_EXCHANGE, OWN_SUBMIT);
        assertThat(
                        trial.accepted(
                                rights.ways(EXCHANGES),
                                (c, w) -> c.exchangeBind(w.to(), w.from(), w.key())))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void unbindsNoExchangeButAClientItsOwnFromItsOwn() throws Exception {
        Set<Way> expected = rights.ownWays(OWN_EXCHANGE, OWN_SUBMIT);
        assertThat(
                        trial.accepted(
                                rights.ways(EXCHANGES),
                                (c, w) -> c.exchangeUnbind(w.to(), w.from(), w.key())))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** By what a queue gives up, or an exchange cannot route. */
    @ParameterizedTest
    @ValueSource(strings = {"x-dead-letter-exchange", "alternate-exchange"})
    void sendsNothingOnToWhereItMayNotWrite(String argument) throws Exception {
        Set<String> accepted =
                trial.accepted(
                        EXCHANGES,
                        (c, e) -> {
                            String name = "alice.to-" + e;
                            Map<String, Object> arguments = Map.of(argument, e);
                            if (argument.startsWith("x-")) {
                                c.queueDeclare(name, true, false, false, arguments);
                            } else {
                                c.exchangeDeclare(name, "topic", true, false, arguments);
                            }
                        });
        assertThat(accepted)
                .containsExactlyInAnyOrderElementsOf(rights.own(OWN_SUBMIT, OWN_EXCHANGE));
    }

    @Test
    void isNotLetIntoTheManagementApi() {
        var management =
                new ManagementApi(
                        new BrokerEndpoint(BROKER.uri(user), BROKER.endpoint().managementUrl()));
        assertThatThrownBy(() -> management.get("/api/queues"))
                .hasMessageContaining("does not know the user");
    }

    @Test
    void isNotLetIntoAnotherVirtualHost() {
        var elsewhere = new BrokerEndpoint(BROKER.uri(user), null).onVhost("/");
        assertThatThrownBy(() -> elsewhere.factory().newConnection().close())
                .satisfies(e -> assertThat(chain(e)).containsAnyOf("NOT_ALLOWED", "not allowed"));
    }

    private void publish(Channel channel, String exchange) throws Exception {
        byte[] body = {'{', '}'};
        channel.basicPublish(exchange, Queues.REPLIES, new AMQP.BasicProperties(), body);
        channel.waitForConfirms(60_000);
    }

    private void consume(Channel channel, String queue) throws Exception {
        channel.basicCancel(channel.basicConsume(queue, false, (tag, delivery) -> {}, tag -> {}));
    }

    private static String chain(Throwable e) {
        return e + (e.getCause() == null ? "" : " / " + chain(e.getCause()));
    }
}
