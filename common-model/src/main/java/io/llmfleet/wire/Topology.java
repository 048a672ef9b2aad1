package io.llmfleet.wire;

import io.llmfleet.model.Names;
import io.llmfleet.model.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that is declared on the broker, as data: the same declarations on RabbitMQ 3.10 and
 * 4.x.
 *
 * <p>Only the topology command declares; services check that what they use is there.
 */
public record Topology(
        List<String> exchanges,
        List<Queue> queues,
        List<Binding> bindings,
        List<BrokerUser> users) {

    /** A durable queue or stream with its arguments, {@code x-queue-type} included. */
    public record Queue(String name, Map<String, Object> arguments) {}

    /** Messages of {@code exchange} whose key matches {@code key} go to {@code queue}. */
    public record Binding(String exchange, String queue, String key) {}

    /**
     * What the fleet is made of.
     *
     * @param pools names of pools, at least one
     * @param clients names of AMQP clients
     * @param workQueueLength how many messages a work queue takes before it refuses more
     */
    public record Spec(
            List<String> pools, RetryLadder ladder, List<String> clients, int workQueueLength) {

        public static final int WORK_QUEUE_LENGTH = 20_000;

        public Spec {
            if (pools.isEmpty()) {
                throw new IllegalArgumentException("a fleet needs at least one pool");
            }
            pools.forEach(p -> Names.requireWord("pool", p));
            clients.forEach(BrokerUser::requireClient);
        }

        public static Spec of(List<String> pools, RetryLadder ladder) {
            return new Spec(pools, ladder, List.of(), WORK_QUEUE_LENGTH);
        }
    }

    /** A fuse against a message that stops every consumer; retries are counted by the fleet. */
    private static final int DELIVERY_LIMIT = 20;

    /** The dead-letter queue has nowhere to drop to. */
    private static final int NO_DELIVERY_LIMIT = Integer.MAX_VALUE;

    private static final int MB = 1_000_000;

    public static Topology of(Spec spec) {
        List<String> exchanges =
                new ArrayList<>(
                        List.of(
                                Exchanges.INGRESS,
                                Exchanges.WORK,
                                Exchanges.REPLIES,
                                Exchanges.RESULTS,
                                Exchanges.EVENTS,
                                Exchanges.DELTAS,
                                Exchanges.CONTROL,
                                Exchanges.DEAD));
        List<Queue> queues = new ArrayList<>();
        List<Binding> bindings = new ArrayList<>();

        queues.add(quorum(Queues.DEAD, NO_DELIVERY_LIMIT, Map.of()));
        bindings.add(new Binding(Exchanges.DEAD, Queues.DEAD, "#"));
        queues.add(deadLettering(Queues.SUBMIT, Exchanges.DEAD, Map.of()));
        queues.add(deadLettering(Queues.REPLIES, Exchanges.DEAD, Map.of()));
        bindings.add(new Binding(Exchanges.REPLIES, Queues.REPLIES, "#"));
        for (Priority p : Priority.values()) {
            queues.add(deadLettering(Queues.ingress(p), Exchanges.DEAD, Map.of()));
            bindings.add(new Binding(Exchanges.INGRESS, Queues.ingress(p), p.wire() + ".#"));
        }
        for (RetryLadder.Level level : spec.ladder().levels()) {
            exchanges.add(Exchanges.retry(level.name()));
            queues.add(
                    deadLettering(
                            Queues.retry(level.name()),
                            Exchanges.INGRESS,
                            Map.of("x-message-ttl", level.delay().toMillis())));
            bindings.add(
                    new Binding(Exchanges.retry(level.name()), Queues.retry(level.name()), "#"));
        }
        for (String pool : spec.pools()) {
            for (Priority p : Priority.values()) {
                queues.add(
                        deadLettering(
                                Queues.work(pool, p),
                                Exchanges.DEAD,
                                Map.of("x-max-length", spec.workQueueLength())));
                bindings.add(
                        new Binding(
                                Exchanges.WORK,
                                Queues.work(pool, p),
                                RoutingKeys.work("*", pool, p)));
            }
            queues.add(deadLettering(Queues.quarantine(pool), Exchanges.DEAD, Map.of()));
            bindings.add(
                    new Binding(
                            Exchanges.WORK, Queues.quarantine(pool), RoutingKeys.quarantine(pool)));
        }
        queues.add(stream(Queues.EVENTS, 500 * MB, 50 * MB, Duration.ofHours(24)));
        bindings.add(new Binding(Exchanges.EVENTS, Queues.EVENTS, "#"));
        queues.add(stream(Queues.DELTAS, 500 * MB, 50 * MB, Duration.ofHours(1)));
        bindings.add(new Binding(Exchanges.DELTAS, Queues.DELTAS, "#"));
        queues.add(stream(Queues.CONTROL, 200 * MB, MB, Duration.ofDays(8)));
        bindings.add(new Binding(Exchanges.CONTROL, Queues.CONTROL, "#"));
        for (String client : spec.clients()) {
            exchanges.add(Exchanges.submit(client));
            bindings.add(new Binding(Exchanges.submit(client), Queues.SUBMIT, "#"));
        }
        List<BrokerUser> users = new ArrayList<>(BrokerUser.SERVICES);
        spec.clients().forEach(c -> users.add(BrokerUser.client(c)));
        return new Topology(
                List.copyOf(exchanges),
                List.copyOf(queues),
                List.copyOf(bindings),
                List.copyOf(users));
    }

    private static Queue quorum(String name, int deliveryLimit, Map<String, Object> more) {
        Map<String, Object> arguments = new TreeMap<>(more);
        arguments.put("x-queue-type", "quorum");
        arguments.put("x-delivery-limit", deliveryLimit);
        return new Queue(name, arguments);
    }

    private static Queue deadLettering(
            String name, String deadLetterExchange, Map<String, Object> more) {
        Queue queue = quorum(name, DELIVERY_LIMIT, more);
        queue.arguments().put("x-dead-letter-exchange", deadLetterExchange);
        queue.arguments().put("x-dead-letter-strategy", "at-least-once");
        queue.arguments().put("x-overflow", "reject-publish");
        return queue;
    }

    private static Queue stream(String name, long maxBytes, long segmentBytes, Duration maxAge) {
        return new Queue(
                name,
                new TreeMap<>(
                        Map.of(
                                "x-queue-type",
                                "stream",
                                "x-max-length-bytes",
                                maxBytes,
                                "x-stream-max-segment-size-bytes",
                                segmentBytes,
                                "x-max-age",
                                maxAge.toHours() + "h")));
    }
}
