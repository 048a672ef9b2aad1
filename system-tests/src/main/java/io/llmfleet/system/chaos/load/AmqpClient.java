package io.llmfleet.system.chaos.load;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.system.chaos.load.Attempt.Way;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP client as a careful user would write one: it publishes with confirms, sends again under
 * the same message id until the broker has it, and has a queue of its own for the results.
 */
public final class AmqpClient implements AutoCloseable {

    /** Name of the AMQP client user. */
    public static final String USER = "chaos";

    private static final String RESULTS = USER + ".results";
    private static final String ADDRESS = "inbox";
    private static final long CONFIRM_MILLIS = 10_000;

    private final BrokerEndpoint endpoint;
    private final Ledger ledger;
    private @Nullable Connection connection;
    private @Nullable Channel channel;

    /**
     * A message of the result queue.
     *
     * @param key the client's own correlation id
     */
    public record ResultMessage(
            String key, String taskId, String messageId, String outcome, String body) {}

    public AmqpClient(BrokerEndpoint endpoint, Ledger ledger) {
        this.endpoint = endpoint;
        this.ledger = ledger;
    }

    /** The queue for the results is there when it returns. */
    public void open() {
        patiently(c -> {});
    }

    /** Submits one task and returns when the broker has it. */
    public String submit(String target) {
        return submit(target, properties -> properties);
    }

    /**
     * @param change what is special about its properties
     */
    public String submit(String target, UnaryOperator<AMQP.BasicProperties.Builder> change) {
        String key = ledger.attempt(Way.AMQP);
        byte[] body = Json.bytes(RestClient.task(key, target).path("input"));
        AMQP.BasicProperties properties =
                change.apply(
                                new AMQP.BasicProperties.Builder()
                                        .messageId(key)
                                        .correlationId(key)
                                        .replyTo(ADDRESS)
                                        .contentType("application/json")
                                        .deliveryMode(2))
                        .build();
        publish("chat." + target, properties, body);
        ledger.accepted(key, null);
        return key;
    }

    /** Publishes just this to the client's exchange. */
    public void publish(String key, AMQP.BasicProperties properties, byte[] body) {
        patiently(
                c -> {
                    c.basicPublish(Exchanges.submit(USER), key, true, properties, body);
                    c.waitForConfirmsOrDie(CONFIRM_MILLIS);
                });
    }

    /** Whether the broker lets the client say that it is that user. */
    public boolean mayCallItself(String user) {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().userId(user).deliveryMode(2).build();
        try (Connection own = endpoint.connect("chaos forger");
                Channel forger = own.createChannel()) {
            forger.confirmSelect();
            forger.basicPublish(Exchanges.submit(USER), "chat.any", true, properties, new byte[0]);
            return forger.waitForConfirms(CONFIRM_MILLIS);
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Takes all results that are there. */
    public List<ResultMessage> results() {
        List<ResultMessage> all = new ArrayList<>();
        patiently(
                c -> {
                    GetResponse next = c.basicGet(RESULTS, false);
                    while (next != null) {
                        all.add(read(next));
                        c.basicAck(next.getEnvelope().getDeliveryTag(), false);
                        next = c.basicGet(RESULTS, false);
                    }
                });
        return all;
    }

    private static ResultMessage read(GetResponse message) {
        AMQP.BasicProperties p = message.getProps();
        Map<String, Object> headers = p.getHeaders() == null ? Map.of() : p.getHeaders();
        return new ResultMessage(
                String.valueOf(p.getCorrelationId()),
                String.valueOf(headers.get(Headers.TASK_ID)),
                String.valueOf(p.getMessageId()),
                String.valueOf(headers.get(Headers.OUTCOME)),
                new String(message.getBody(), java.nio.charset.StandardCharsets.UTF_8));
    }

    @FunctionalInterface
    private interface Step {
        void on(Channel channel) throws IOException, TimeoutException, InterruptedException;
    }

    private synchronized void patiently(Step step) {
        while (true) {
            try {
                step.on(channel());
                return;
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                drop();
                Waits.pause(Duration.ofMillis(500));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FleetException("interrupted", e);
            }
        }
    }

    private Channel channel() throws IOException, TimeoutException {
        Channel known = channel;
        if (known != null && known.isOpen()) {
            return known;
        }
        connection = endpoint.connect("chaos client");
        Channel opened = connection.createChannel();
        opened.queueDeclare(RESULTS, true, false, false, Map.of("x-queue-type", "quorum"));
        opened.queueBind(RESULTS, Exchanges.RESULTS, "*.*." + USER + ".#");
        opened.confirmSelect();
        channel = opened;
        return opened;
    }

    private void drop() {
        Connection known = connection;
        if (known != null) {
            known.abort(1_000);
        }
        channel = null;
    }

    @Override
    public synchronized void close() {
        drop();
    }
}
