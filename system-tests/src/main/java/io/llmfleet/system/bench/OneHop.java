package io.llmfleet.system.bench;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.BrokerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How long a message takes through one quorum queue while nothing else happens: three times that is
 * in every task, as it is stored on its way to the router, to the worker and back.
 */
final class OneHop {

    private static final String QUEUE = "bench-one-hop";
    private static final int PER_SECOND = 20;

    private final BrokerEndpoint broker;

    OneHop(BrokerEndpoint broker) {
        this.broker = broker;
    }

    /** Microseconds from the publishing of a message to its delivery. */
    ConcurrentHistogram measure(Duration time) {
        ConcurrentHistogram micros = new ConcurrentHistogram(4);
        try (Connection from = broker.factory().newConnection("bench-publisher");
                Connection to = broker.factory().newConnection("bench-consumer");
                Channel out = from.createChannel();
                Channel in = to.createChannel()) {
            in.queueDeclare(QUEUE, true, false, false, Map.of("x-queue-type", "quorum"));
            in.basicConsume(
                    QUEUE,
                    (tag, message) -> {
                        long published = ByteBuffer.wrap(message.getBody()).getLong();
                        micros.recordValue(StreamingBackend.now() - published);
                        in.basicAck(message.getEnvelope().getDeliveryTag(), false);
                    },
                    tag -> {});
            publish(out, time);
            in.queueDelete(QUEUE);
        } catch (IOException | TimeoutException e) {
            throw new FleetException("the broker cannot be measured: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
        return micros;
    }

    private static void publish(Channel out, Duration time)
            throws IOException, InterruptedException, TimeoutException {
        out.confirmSelect();
        long gap = Duration.ofSeconds(1).toNanos() / PER_SECOND;
        long start = System.nanoTime();
        for (long i = 0; i < time.toSeconds() * PER_SECOND; i++) {
            LockSupport.parkNanos(start + i * gap - System.nanoTime());
            byte[] body = ByteBuffer.allocate(512).putLong(StreamingBackend.now()).array();
            out.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, body);
            out.waitForConfirms(Duration.ofSeconds(10).toMillis());
        }
    }
}
