package io.llmfleet.system.canary;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.WireBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A queue that gets a copy of every message of every exchange of a fleet. */
final class Copies implements AutoCloseable {

    private static final String QUEUE = "canary.copies";

    private final Connection connection;
    private final Channel channel;

    /** A message's exchange, key and all properties as text, and its body. */
    record Copy(String exchange, String outside, byte[] body) {}

    Copies(BrokerEndpoint endpoint, String client, RetryLadder ladder)
            throws IOException, TimeoutException {
        connection = endpoint.factory().newConnection("canary");
        channel = connection.createChannel();
        channel.queueDeclare(QUEUE, false, false, false, null);
        List<String> exchanges =
                new ArrayList<>(
                        List.of(
                                Exchanges.submit(client),
                                Exchanges.INGRESS,
                                Exchanges.WORK,
                                Exchanges.REPLIES,
                                Exchanges.RESULTS,
                                Exchanges.EVENTS,
                                Exchanges.DELTAS,
                                Exchanges.CONTROL,
                                Exchanges.DEAD));
        ladder.levels().forEach(level -> exchanges.add(Exchanges.retry(level.name())));
        for (String exchange : exchanges) {
            join(exchange);
        }
    }

    void join(String exchange) throws IOException {
        channel.queueBind(QUEUE, exchange, "#");
    }

    /** What nobody else wants there is then returned to its sender. */
    void leave(String exchange) throws IOException {
        channel.queueUnbind(QUEUE, exchange, "#");
    }

    List<Copy> take() throws IOException {
        List<Copy> all = new ArrayList<>();
        for (GetResponse m = channel.basicGet(QUEUE, true);
                m != null;
                m = channel.basicGet(QUEUE, true)) {
            String exchange = m.getEnvelope().getExchange();
            AMQP.BasicProperties properties = m.getProps();
            String outside = exchange + " " + m.getEnvelope().getRoutingKey() + " " + properties;
            byte[] body = new WireBody(m.getBody(), properties.getContentEncoding()).readable();
            all.add(new Copy(exchange, outside, body));
        }
        return all;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
