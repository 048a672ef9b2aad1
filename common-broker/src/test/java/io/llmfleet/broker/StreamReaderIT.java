package io.llmfleet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.MessageProperties;
import io.llmfleet.metrics.LinkMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream is read in order and without gaps. */
class StreamReaderIT {

    private static final String STREAM = "tested.stream";

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final LinkMeters meters = new LinkMeters();
    private BrokerUnderTest broker;
    private StreamReader reader;

    @BeforeEach
    void start() throws Exception {
        broker = new BrokerUnderTest();
        broker.queue(STREAM, Map.of("x-queue-type", "stream"));
    }

    @AfterEach
    void stop() throws Exception {
        reader.stop();
        broker.close();
    }

    @Test
    void readsFromTheStartAndGoesOnBehindACut() throws Exception {
        publish(0, 300);
        read("first", delivery -> seen.add(new String(delivery.body())));
        await().until(() -> seen.size() == 300);

        broker.cut();
        publish(300, 600);

        await().until(() -> seen.size() >= 600);
        assertThat(seen).containsExactlyElementsOf(names(0, 600));
        assertThat(meters.sum(LinkMetrics.STREAM_READ)).isEqualTo(seen.size());
        await().untilAsserted(
                        () -> {
                            assertThat(meters.sum(LinkMetrics.OPENED, "purpose", "stream"))
                                    .isGreaterThan(1);
                            assertThat(meters.sum(LinkMetrics.UP)).isEqualTo(1);
                        });
    }

    @Test
    void messageThatCannotBeHandledIsPassedOver() throws Exception {
        publish(0, 10);
        read(
                "first",
                delivery -> {
                    String name = new String(delivery.body());
                    if (name.equals("4")) {
                        throw new IllegalArgumentException("no number that I like");
                    }
                    seen.add(name);
                });

        await().until(() -> seen.size() == 9);
        assertThat(seen).doesNotContain("4").contains("9");
    }

    private void read(String offset, Consumer<Delivery> handler) {
        reader = new StreamReader(broker.factory(), meters.metrics(), STREAM, offset, handler);
        reader.start();
    }

    private void publish(int from, int to) throws IOException {
        for (String name : names(from, to)) {
            broker.channel()
                    .basicPublish("", STREAM, MessageProperties.PERSISTENT_BASIC, name.getBytes());
        }
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }
}
