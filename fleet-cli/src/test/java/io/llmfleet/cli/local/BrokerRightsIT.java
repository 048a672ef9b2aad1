package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.Topology;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
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
    private static final WireTable TABLE = WireTable.ofReadme();
    private static final Topology TOPOLOGY =
            Topology.of(
                    new Topology.Spec(
                            List.of("default", "gpu"),
                            RetryLadder.DEFAULT,
                            List.of("alice", "bob"),
                            100));

    private static final String CLIENT = "alice";
    private static final String OWN_QUEUE = "alice.queue";
    private static final String OWN_EXCHANGE = "alice.exchange";
    private static final String TO_ITSELF = "*.*.alice.main";
    private static final String ALL_TO_ITSELF = "*.*.alice.#";
    private static final String DEFAULT_EXCHANGE = "";
    private static final String NAMED_BY_THE_BROKER = "";

    private static final List<String> STREAMS =
            List.of(Queues.EVENTS, Queues.DELTAS, Queues.CONTROL);
    private static final List<String> NEW =
            List.of("new", "llm.new", "llm.submit.new", "bob.new", "alice.new", "fleet-router.new");

    private static final List<String> KEYS = List.of("#", "");

    /** Also what is for one client or another. */
    private static final List<String> CLIENT_KEYS =
            List.of(
                    "#",
                    "",
                    TO_ITSELF,
                    ALL_TO_ITSELF,
                    "#.alice.main",
                    "*.*.*.main",
                    "*.*.bob.main",
                    "chat.*.alice.main");

    private static final List<String> QUEUES =
            together(
                    TOPOLOGY.queues().stream().map(Topology.Queue::name).toList(),
                    List.of(OWN_QUEUE, "bob.queue"));
    private static final List<String> EXCHANGES =
            together(
                    TOPOLOGY.exchanges(),
                    List.of(OWN_EXCHANGE, "bob.exchange", "amq.topic", "amq.fanout"));

    /** What comes from an exchange with a key would go to a queue or another exchange. */
    private record Way(String from, String key, String to) {}

    @Parameter String user;
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
        trial = new BrokerTrial(BROKER.uri(user));
    }

    @AfterEach
    void disconnect() throws Exception {
        trial.close();
    }

    private boolean isClient() {
        return user.equals(CLIENT);
    }

    /** Only a client has anything of its own. */
    private Set<String> own(String... names) {
        return isClient() ? new TreeSet<>(List.of(names)) : new TreeSet<>();
    }

    private Set<String> written() {
        if (isClient()) {
            return own(Exchanges.submit(CLIENT), OWN_EXCHANGE);
        }
        return TABLE.written(user.replace("fleet-", ""), EXCHANGES);
    }

    private Set<String> read() {
        return isClient() ? own(OWN_QUEUE) : TABLE.read(user.replace("fleet-", ""), QUEUES);
    }

    @Test
    void writesToWhatTheTableSays() throws Exception {
        assertThat(trial.accepted(together(EXCHANGES, List.of(DEFAULT_EXCHANGE)), this::publish))
                .containsExactlyInAnyOrderElementsOf(written());
    }

    @Test
    void readsWhatTheTableSays() throws Exception {
        assertThat(trial.accepted(QUEUES, this::consume))
                .containsExactlyInAnyOrderElementsOf(read());
    }

    /** Who may read a message may also throw it away, to the broker it is the same right. */
    @Test
    void emptiesWhatItReads() throws Exception {
        List<String> all = QUEUES.stream().filter(queue -> !STREAMS.contains(queue)).toList();
        Set<String> expected = read();
        STREAMS.forEach(expected::remove);
        assertThat(trial.accepted(all, Channel::queuePurge))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void declaresNoQueueButItsOwn() throws Exception {
        List<String> all = together(QUEUES, NEW, List.of(NAMED_BY_THE_BROKER));
        assertThat(trial.accepted(all, (c, q) -> c.queueDeclare(q, true, false, false, null)))
                .containsExactlyInAnyOrderElementsOf(own(OWN_QUEUE, "alice.new"));
    }

    @Test
    void declaresNoExchangeButItsOwn() throws Exception {
        List<String> all = together(TOPOLOGY.exchanges(), NEW, List.of(OWN_EXCHANGE));
        assertThat(trial.accepted(all, (c, e) -> c.exchangeDeclare(e, "topic", true)))
                .containsExactlyInAnyOrderElementsOf(own(OWN_EXCHANGE, "alice.new"));
    }

    @Test
    void deletesNothingButItsOwn() throws Exception {
        assertThat(trial.accepted(QUEUES, Channel::queueDelete))
                .containsExactlyInAnyOrderElementsOf(own(OWN_QUEUE));
        assertThat(trial.accepted(EXCHANGES, Channel::exchangeDelete))
                .containsExactlyInAnyOrderElementsOf(own(OWN_EXCHANGE));
    }

    @Test
    void bindsNoQueueButAClientItsOwnToItsOwn() throws Exception {
        assertThat(trial.accepted(ways(QUEUES), (c, w) -> c.queueBind(w.to, w.from, w.key)))
                .containsExactlyInAnyOrderElementsOf(ownWays(OWN_QUEUE));
    }

    @Test
    void unbindsNoQueueButAClientItsOwnFromItsOwn() throws Exception {
        List<Way> all = new ArrayList<>(ways(QUEUES));
        TOPOLOGY.bindings().forEach(b -> all.add(new Way(b.exchange(), b.key(), b.queue())));
        assertThat(trial.accepted(all, (c, w) -> c.queueUnbind(w.to, w.from, w.key)))
                .containsExactlyInAnyOrderElementsOf(ownWays(OWN_QUEUE));
    }

    @Test
    void bindsNoExchangeButAClientItsOwnToItsOwn() throws Exception {
        Set<Way> expected = ownWays(OWN_EXCHANGE, Exchanges.submit(CLIENT));
        assertThat(trial.accepted(ways(EXCHANGES), (c, w) -> c.exchangeBind(w.to, w.from, w.key)))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void unbindsNoExchangeButAClientItsOwnFromItsOwn() throws Exception {
        Set<Way> expected = ownWays(OWN_EXCHANGE, Exchanges.submit(CLIENT));
        assertThat(trial.accepted(ways(EXCHANGES), (c, w) -> c.exchangeUnbind(w.to, w.from, w.key)))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private List<Way> ways(List<String> targets) {
        return targets.stream()
                .flatMap(to -> EXCHANGES.stream().flatMap(from -> ways(from, to)))
                .toList();
    }

    private Stream<Way> ways(String from, String to) {
        return (isClient() ? CLIENT_KEYS : KEYS).stream().map(key -> new Way(from, key, to));
    }

    /** From its own exchange all, and from the results what is for itself. */
    private Set<Way> ownWays(String... targets) {
        Set<Way> expected = new LinkedHashSet<>();
        for (String to : own(targets)) {
            ways(OWN_EXCHANGE, to).forEach(expected::add);
            expected.add(new Way(Exchanges.RESULTS, TO_ITSELF, to));
            expected.add(new Way(Exchanges.RESULTS, ALL_TO_ITSELF, to));
        }
        return expected;
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
                .containsExactlyInAnyOrderElementsOf(own(Exchanges.submit(CLIENT), OWN_EXCHANGE));
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
        channel.waitForConfirms(10_000);
    }

    private void consume(Channel channel, String queue) throws Exception {
        channel.basicCancel(channel.basicConsume(queue, false, (tag, delivery) -> {}, tag -> {}));
    }

    @SafeVarargs
    private static List<String> together(List<String>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }

    private static String chain(Throwable e) {
        return e + (e.getCause() == null ? "" : " / " + chain(e.getCause()));
    }
}
