package io.llmfleet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.WireBody;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each message is in the broker, or its publisher knows that it is not. */
class ConfirmingPublisherIT {

    private static final String EXCHANGE = "tested";
    private static final String QUEUE = "tested.q";
    private static final int WINDOW = 200;

    private final LinkMeters meters = new LinkMeters();
    private BrokerUnderTest broker;
    private ConfirmingPublisher publisher;

    @BeforeEach
    void start() throws Exception {
        broker = new BrokerUnderTest();
        broker.exchange(EXCHANGE);
        broker.queue(QUEUE, Map.of());
        broker.channel().queueBind(QUEUE, EXCHANGE, "known");
        publisher = new ConfirmingPublisher(broker.factory(), WINDOW, "main", meters.metrics());
    }

    @AfterEach
    void stop() throws Exception {
        publisher.close();
        await().untilAsserted(() -> assertThat(meters.unaccountedPublished()).isZero());
        broker.close();
    }

    @Test
    void compressedBodySaysSoAndIsCountedBothWays() throws Exception {
        byte[] json = "{\"text\": \"again and again\"}".repeat(200).getBytes();
        WireBody body = new BodyEncoder(BodyEncoder.ABOVE).encode(json);

        get(publisher.publish(new Outgoing(EXCHANGE, "known", true, "m-1", Map.of(), body)));

        GetResponse taken = broker.take(QUEUE);
        assertThat(taken.getProps().getContentEncoding()).isEqualTo("zstd");
        assertThat(new Delivery(taken.getEnvelope(), taken.getProps(), taken.getBody()).body())
                .isEqualTo(json);
        assertThat(meters.sum(LinkMetrics.PUBLISH_BYTES, "exchange", EXCHANGE, "form", "json"))
                .isEqualTo(json.length);
        assertThat(meters.sum(LinkMetrics.PUBLISH_BYTES, "exchange", EXCHANGE, "form", "wire"))
                .isEqualTo(taken.getBody().length)
                .isLessThan(json.length / 10.0);
    }

    @Test
    void confirmedMessageIsInItsQueueWithItsOwnHeadersAlone() throws Exception {
        Outgoing message =
                new Outgoing(
                        EXCHANGE,
                        "known",
                        true,
                        "m-1",
                        Map.of(Headers.TYPE, "chat", "x-death", "forged", "CC", "other"),
                        WireBody.json(new byte[] {1}),
                        "c-1");

        get(publisher.publish(message));

        GetResponse taken = broker.take(QUEUE);
        assertThat(taken.getBody()).containsExactly(1);
        assertThat(taken.getProps().getMessageId()).isEqualTo("m-1");
        assertThat(taken.getProps().getCorrelationId()).isEqualTo("c-1");
        assertThat(taken.getProps().getDeliveryMode()).isEqualTo(2);
        assertThat(taken.getProps().getHeaders())
                .containsKey(Headers.TYPE)
                .doesNotContainKeys("x-death", "CC", Headers.REPEATED);
        assertThat(publisher.unconfirmed()).isZero();
    }

    @Test
    void returnedMessageIsNotSent() throws Exception {
        assertThat(failureOf(publisher.publish(message(EXCHANGE, "unknown", true, "m"))))
                .isInstanceOf(UnroutableException.class)
                .hasMessageContaining("unknown")
                .hasMessageContaining(EXCHANGE);
    }

    @Test
    void messageThatNeedsNoQueueIsSentToNone() throws Exception {
        get(publisher.publish(message(EXCHANGE, "unknown", false, "m")));

        assertThat(broker.depth(QUEUE)).isZero();
    }

    @Test
    void returnsAreToldApartFromTheirNeighbours() throws Exception {
        List<CompletableFuture<Void>> known = new ArrayList<>();
        List<CompletableFuture<Void>> unknown = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            known.add(publisher.publish(message(EXCHANGE, "known", true, "k" + i)));
            unknown.add(publisher.publish(message(EXCHANGE, "unknown", true, "u" + i)));
        }

        for (int i = 0; i < 500; i++) {
            get(known.get(i));
            assertThat(failureOf(unknown.get(i))).isInstanceOf(UnroutableException.class);
        }
        await().untilAsserted(() -> assertThat(settled("returned")).isEqualTo(500));
        await().untilAsserted(() -> assertThat(settled("confirmed")).isEqualTo(500));
        assertThat(broker.depth(QUEUE)).isEqualTo(500);
        assertThat(publisher.unconfirmed()).isZero();
    }

    @Test
    void fullQueueRefuses() throws Exception {
        broker.queue("full", Map.of("x-max-length", 5, "x-overflow", "reject-publish"));
        broker.channel().queueBind("full", EXCHANGE, "full");
        int refused = 0;
        for (int i = 0; i < 30; i++) {
            Throwable failure = failureOf(publisher.publish(message(EXCHANGE, "full", true, "m")));
            if (failure != null) {
                assertThat(failure).isInstanceOf(RejectedByBrokerException.class);
                refused++;
            }
        }

        assertThat(refused).isPositive();
        double all = refused;
        await().untilAsserted(() -> assertThat(settled("rejected")).isEqualTo(all));
        assertThat(broker.depth("full")).isEqualTo(30 - refused);
    }

    @Test
    void nothingIsLostWhenConnectionsAreCut() throws Exception {
        int count = 3_000;
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < count / 3; i++) {
                sent.add(publisher.publish(message(EXCHANGE, "known", true, "m" + sent.size())));
            }
            broker.cut();
        }

        for (CompletableFuture<Void> message : sent) {
            get(message);
        }
        Set<String> arrived = new HashSet<>();
        for (GetResponse m = broker.take(QUEUE); m != null; m = broker.take(QUEUE)) {
            boolean first = arrived.add(m.getProps().getMessageId());
            assertThat(first || m.getProps().getHeaders().containsKey(Headers.REPEATED)).isTrue();
        }
        assertThat(arrived).hasSize(count);
        await().until(() -> publisher.available());
        assertThat(meters.sum(LinkMetrics.PUBLISH_ACCEPTED)).isEqualTo(count);
        assertThat(meters.sum(LinkMetrics.OPENED)).isGreaterThan(1);
    }

    /** The client would count a message that it cannot write, and the broker would not. */
    @Test
    void keyThatIsTooLongFailsAloneAndMatchesNoOtherConfirm() throws Exception {
        get(publisher.publish(message(EXCHANGE, "known", true, "first")));

        var tooLong = publisher.publish(message(EXCHANGE, "\u20ac".repeat(90), true, "long"));
        var next = publisher.publish(message(EXCHANGE, "known", true, "second"));
        var nowhere = publisher.publish(message(EXCHANGE, "unknown", true, "third"));

        assertThat(failureOf(tooLong)).isInstanceOf(UnroutableException.class);
        get(next);
        assertThat(failureOf(nowhere)).isInstanceOf(UnroutableException.class);
        await().until(() -> publisher.unconfirmed() == 0);
    }

    @Test
    void missingExchangeFailsItsOwnMessagesAndHoldsUpNoOther() throws Exception {
        List<CompletableFuture<Void>> known = new ArrayList<>();
        List<CompletableFuture<Void>> missing = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            known.add(publisher.publish(message(EXCHANGE, "known", true, "k" + i)));
            missing.add(publisher.publish(message("no-such-exchange", "known", true, "n" + i)));
        }

        for (int i = 0; i < 20; i++) {
            get(known.get(i));
            assertThat(failureOf(missing.get(i)))
                    .isInstanceOf(UnroutableException.class)
                    .hasMessageContaining("no-such-exchange");
        }
        await().until(() -> publisher.unconfirmed() == 0);
    }

    @Test
    void closedPublisherSaysThatItIsUnknown() throws Exception {
        publisher.close();

        assertThat(failureOf(publisher.publish(message(EXCHANGE, "known", true, "m"))))
                .isInstanceOf(PublisherClosedException.class);
    }

    private double settled(String outcome) {
        return meters.sum(LinkMetrics.PUBLISH_SETTLED, "outcome", outcome);
    }

    private static Outgoing message(String exchange, String key, boolean mandatory, String id) {
        return new Outgoing(exchange, key, mandatory, id, Map.of(), id.getBytes());
    }

    private static void get(CompletableFuture<Void> sent) throws Exception {
        sent.get(30, TimeUnit.SECONDS);
    }

    /** What it failed with, or null if it did not. */
    private static Throwable failureOf(CompletableFuture<Void> sent) throws Exception {
        return sent.<Throwable>handle((done, failure) -> failure).get(30, TimeUnit.SECONDS);
    }
}
