package io.llmfleet.metrics;

import io.llmfleet.wire.WireBody;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** All meters of the links between a service and the broker; tags never hold an id. */
public final class LinkMetrics {

    public static final Measure UP =
            Measure.gauge("fleet.link.up", "Whether there is an open channel", "purpose", "name");
    public static final Measure OPENED =
            Measure.counter(
                    "fleet.link.opened",
                    "Channels opened; each beyond the first is a reconnect",
                    "purpose",
                    "name");
    public static final Measure BLOCKED =
            Measure.gauge(
                    "fleet.link.blocked",
                    "Whether the broker takes nothing from this publisher (memory or disk alarm)",
                    "name");
    public static final Measure PUBLISH_ACCEPTED =
            Measure.counter(
                    "fleet.publish.accepted", "Messages handed to a publisher", "publisher");
    public static final Measure PUBLISH_SETTLED =
            Measure.counter(
                    "fleet.publish.settled",
                    "What became of messages handed to a publisher",
                    "publisher",
                    "outcome");
    public static final Measure PUBLISH_UNCONFIRMED =
            Measure.gauge(
                    "fleet.publish.unconfirmed",
                    "Messages that wait for their confirm, or for a connection",
                    "publisher");
    public static final Measure PUBLISH_REPEATED =
            Measure.counter(
                    "fleet.publish.repeated",
                    "Messages sent again because their confirm was lost with a connection",
                    "publisher");
    public static final Measure PUBLISH_CONFIRM =
            Measure.histogram(
                    "fleet.publish.confirm",
                    Buckets.STEP,
                    "From handing a message over to its confirm, reconnects included",
                    "publisher");
    public static final Measure PUBLISH_BYTES =
            Measure.counter(
                    "fleet.publish.bytes",
                    "Bytes of bodies that were published: as JSON, and as they travel",
                    "exchange",
                    "form");
    public static final Measure CONSUMER_RECEIVED =
            Measure.counter(
                    "fleet.consumer.received",
                    "Deliveries from a queue that is read in batches",
                    "queue");
    public static final Measure CONSUMER_SETTLED =
            Measure.counter(
                    "fleet.consumer.settled", "What became of deliveries", "queue", "outcome");
    public static final Measure CONSUMER_HELD =
            Measure.gauge(
                    "fleet.consumer.held", "Deliveries that are here and not settled", "queue");
    public static final Measure STREAM_READ =
            Measure.counter("fleet.stream.read", "Messages read from a stream", "stream");
    public static final Measure STREAM_LAG =
            Measure.seconds(
                    "fleet.stream.lag",
                    "How old the last message of a stream was when it was read",
                    "stream");
    public static final Measure EVENTS_DROPPED =
            Measure.counter(
                    "fleet.events.dropped", "Advisory events dropped because too many waited");

    public static final List<Measure> ALL =
            List.of(
                    UP,
                    OPENED,
                    BLOCKED,
                    PUBLISH_ACCEPTED,
                    PUBLISH_SETTLED,
                    PUBLISH_UNCONFIRMED,
                    PUBLISH_REPEATED,
                    PUBLISH_CONFIRM,
                    PUBLISH_BYTES,
                    CONSUMER_RECEIVED,
                    CONSUMER_SETTLED,
                    CONSUMER_HELD,
                    STREAM_READ,
                    STREAM_LAG,
                    EVENTS_DROPPED);

    private final MeterRegistry registry;

    public LinkMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** What a channel is for. */
    public enum Purpose {
        PUBLISH,
        CONSUME,
        STREAM;

        private String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param name of the publisher, queue or stream
     * @return to be told of each channel that is opened
     */
    public Runnable link(Purpose purpose, String name, BooleanSupplier up) {
        UP.gauge(registry, up, u -> u.getAsBoolean() ? 1 : 0, purpose.tag(), name);
        return OPENED.counter(registry, purpose.tag(), name)::increment;
    }

    public Publisher publisher(String name, BooleanSupplier blocked, IntSupplier unconfirmed) {
        BLOCKED.gauge(registry, blocked, b -> b.getAsBoolean() ? 1 : 0, name);
        PUBLISH_UNCONFIRMED.gauge(registry, unconfirmed, IntSupplier::getAsInt, name);
        return new Publisher(registry, name);
    }

    public Consumer consumer(String queue, IntSupplier held) {
        CONSUMER_HELD.gauge(registry, held, IntSupplier::getAsInt, queue);
        return new Consumer(registry, queue);
    }

    public Stream stream(String name) {
        return new Stream(registry, name);
    }

    public Runnable eventsDropped() {
        return EVENTS_DROPPED.counter(registry)::increment;
    }

    /** accepted = confirmed + returned + rejected + closed + unconfirmed. */
    public static final class Publisher {

        private final Counter accepted;
        private final Counter confirmed;
        private final Counter returned;
        private final Counter rejected;
        private final Counter closed;
        private final Counter repeated;
        private final Timer confirm;
        private final Tagged<Counter> bytes;

        private Publisher(MeterRegistry registry, String name) {
            accepted = PUBLISH_ACCEPTED.counter(registry, name);
            confirmed = PUBLISH_SETTLED.counter(registry, name, "confirmed");
            returned = PUBLISH_SETTLED.counter(registry, name, "returned");
            rejected = PUBLISH_SETTLED.counter(registry, name, "rejected");
            closed = PUBLISH_SETTLED.counter(registry, name, "closed");
            repeated = PUBLISH_REPEATED.counter(registry, name);
            confirm = PUBLISH_CONFIRM.timer(registry, name);
            bytes = PUBLISH_BYTES.counters(registry);
        }

        public void accepted() {
            accepted.increment();
        }

        /** Retried messages count with their level's exchange. */
        public void bytes(String exchange, WireBody body) {
            bytes.of(exchange, "json").increment(body.size());
            bytes.of(exchange, "wire").increment(body.bytes().length);
        }

        public void confirmed(long nanos) {
            confirmed.increment();
            confirm.record(nanos, TimeUnit.NANOSECONDS);
        }

        public void returned() {
            returned.increment();
        }

        public void rejected() {
            rejected.increment();
        }

        public void closed() {
            closed.increment();
        }

        public void repeated() {
            repeated.increment();
        }
    }

    /** received = acknowledged + rejected + repeated + abandoned + held. */
    public static final class Consumer {

        private final Counter received;
        private final Counter acknowledged;
        private final Counter rejected;
        private final Counter repeated;
        private final Counter abandoned;

        private Consumer(MeterRegistry registry, String queue) {
            received = CONSUMER_RECEIVED.counter(registry, queue);
            acknowledged = CONSUMER_SETTLED.counter(registry, queue, "acknowledged");
            rejected = CONSUMER_SETTLED.counter(registry, queue, "rejected");
            repeated = CONSUMER_SETTLED.counter(registry, queue, "repeated");
            abandoned = CONSUMER_SETTLED.counter(registry, queue, "abandoned");
        }

        public void received() {
            received.increment();
        }

        public void acknowledged(int messages) {
            acknowledged.increment(messages);
        }

        public void rejected(int messages) {
            rejected.increment(messages);
        }

        /** Handled, but the broker did not hear of it. */
        public void repeated(int messages) {
            repeated.increment(messages);
        }

        /** Lost with its channel before it was handled. */
        public void abandoned(int messages) {
            abandoned.increment(messages);
        }
    }

    /** How far a stream is read. */
    public static final class Stream {

        private final Counter read;
        private volatile double lagSeconds;

        private Stream(MeterRegistry registry, String stream) {
            read = STREAM_READ.counter(registry, stream);
            STREAM_LAG.gauge(registry, this, s -> s.lagSeconds, stream);
        }

        /** A message was read that was published that long ago. */
        public void read(Duration ago) {
            read.increment();
            lagSeconds = Math.max(0, ago.toMillis() / 1_000.0);
        }
    }
}
