package io.llmfleet.cli.local;

import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.Topology;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a user may do on the broker: a service what the README's table says, and the client alice
 * what is for her.
 */
record BrokerRights(String user) {

    private static final WireTable TABLE = WireTable.ofReadme();
    static final Topology TOPOLOGY =
            Topology.of(
                    new Topology.Spec(
                            List.of("default", "gpu"),
                            RetryLadder.DEFAULT,
                            List.of("alice", "bob"),
                            100));

    private static final String CLIENT = "alice";
    static final String OWN_SUBMIT = Exchanges.submit(CLIENT);
    static final String OWN_QUEUE = "alice.queue";
    static final String OWN_EXCHANGE = "alice.exchange";
    private static final String TO_ITSELF = "*.*.alice.main";
    private static final String ALL_TO_ITSELF = "*.*.alice.#";
    private static final List<String> STREAMS =
            List.of(Queues.EVENTS, Queues.DELTAS, Queues.CONTROL);
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

    static final List<String> QUEUES =
            together(
                    TOPOLOGY.queues().stream().map(Topology.Queue::name).toList(),
                    List.of(OWN_QUEUE, "bob.queue"));
    static final List<String> EXCHANGES =
            together(
                    TOPOLOGY.exchanges(),
                    List.of(OWN_EXCHANGE, "bob.exchange", "amq.topic", "amq.fanout"));

    /** What comes from an exchange with a key would go to a queue or another exchange. */
    record Way(String from, String key, String to) {}

    private boolean isClient() {
        return user.equals(CLIENT);
    }

    /** Only a client has anything of its own. */
    Set<String> own(String... names) {
        return isClient() ? new TreeSet<>(List.of(names)) : new TreeSet<>();
    }

    Set<String> written() {
        if (isClient()) {
            return own(OWN_SUBMIT, OWN_EXCHANGE);
        }
        return TABLE.written(user.replace("fleet-", ""), EXCHANGES);
    }

    Set<String> read() {
        return isClient() ? own(OWN_QUEUE) : TABLE.read(user.replace("fleet-", ""), QUEUES);
    }

    List<Way> ways(List<String> targets) {
        return targets.stream()
                .flatMap(to -> EXCHANGES.stream().flatMap(from -> ways(from, to)))
                .toList();
    }

    private Stream<Way> ways(String from, String to) {
        return (isClient() ? CLIENT_KEYS : KEYS).stream().map(key -> new Way(from, key, to));
    }

    /** What it reads but streams, which the broker empties for nobody. */
    Set<String> emptied() {
        Set<String> all = read();
        STREAMS.forEach(all::remove);
        return all;
    }

    List<String> queuesToEmpty() {
        return QUEUES.stream().filter(queue -> !STREAMS.contains(queue)).toList();
    }

    /** From its own exchange all, and from the results what is for itself. */
    Set<Way> ownWays(String... targets) {
        Set<Way> expected = new LinkedHashSet<>();
        for (String to : own(targets)) {
            ways(OWN_EXCHANGE, to).forEach(expected::add);
            expected.add(new Way(Exchanges.RESULTS, TO_ITSELF, to));
            expected.add(new Way(Exchanges.RESULTS, ALL_TO_ITSELF, to));
        }
        return expected;
    }

    @SafeVarargs
    static List<String> together(List<String>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }
}
