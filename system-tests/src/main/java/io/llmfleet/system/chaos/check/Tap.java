package io.llmfleet.system.chaos.check;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DeliverCallback;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.WireBody;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A stream of the harness that gets a copy of every reply, every final event and every dispatch; it
 * is read when the faults are over, from its start.
 */
public final class Tap {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int PREFETCH = 500;
    private final BrokerEndpoint endpoint;
    private final String name;

    /** A copy of a message. */
    public record Copy(String exchange, String key, AMQP.BasicProperties properties, byte[] body) {}

    /**
     * @param name unique for each case
     */
    public Tap(BrokerEndpoint endpoint, String name) {
        this.endpoint = endpoint;
        this.name = name;
    }

    public void open() {
        with(
                channel -> {
                    channel.queueDeclare(
                            name, true, false, false, Map.of("x-queue-type", "stream"));
                    channel.queueBind(name, Exchanges.REPLIES, "#");
                    channel.queueBind(name, Exchanges.EVENTS, "final.#");
                    channel.queueBind(name, Exchanges.INGRESS, "#");
                    return name;
                });
    }

    /** Every copy, oldest first. */
    public List<Copy> read() {
        return with(
                channel -> {
                    List<Copy> copies = new ArrayList<>();
                    CompletableFuture<String> end = new CompletableFuture<>();
                    channel.confirmSelect();
                    // Each reading has an end of its own: those of earlier ones are still there.
                    String mark = UUID.randomUUID().toString();
                    AMQP.BasicProperties properties =
                            new AMQP.BasicProperties.Builder().messageId(mark).build();
                    channel.basicPublish("", name, properties, new byte[0]);
                    channel.waitForConfirmsOrDie(LIMIT.toMillis());
                    channel.basicQos(PREFETCH);
                    channel.basicConsume(
                            name,
                            false,
                            Map.of("x-stream-offset", "first"),
                            copy(channel, copies, mark, end),
                            tag -> end.cancel(false));
                    end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                    return copies;
                });
    }

    private static DeliverCallback copy(
            Channel channel, List<Copy> copies, String mark, CompletableFuture<String> end) {
        return (tag, message) -> {
            var envelope = message.getEnvelope();
            if (end.isDone() || mark.equals(message.getProperties().getMessageId())) {
                end.complete(mark);
                return;
            }
            if (!envelope.getExchange().isEmpty()) {
                copies.add(
                        new Copy(
                                envelope.getExchange(),
                                envelope.getRoutingKey(),
                                message.getProperties(),
                                new WireBody(
                                                message.getBody(),
                                                message.getProperties().getContentEncoding())
                                        .readable()));
            }
            channel.basicAck(envelope.getDeliveryTag(), false);
        };
    }

    public void delete() {
        with(channel -> channel.queueDelete(name));
    }

    @FunctionalInterface
    private interface Step<T> {
        T on(Channel channel)
                throws IOException, TimeoutException, InterruptedException, ExecutionException;
    }

    private <T> T with(Step<T> step) {
        try (Connection connection = endpoint.connect("chaos tap");
                Channel channel = connection.createChannel()) {
            return step.on(channel);
        } catch (IOException | TimeoutException | ExecutionException e) {
            throw new FleetException("the tap " + name + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }
}
