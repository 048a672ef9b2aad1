package io.llmfleet.system.bench;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An AMQP client that publishes tasks and takes their results. */
final class AmqpLoad implements Load {

    private static final String REPLY_TO = "answers";

    private final String client;
    private final byte[] body;
    private final Connection connection;
    private final Channel publishing;
    private final Map<String, Consumer<@Nullable String>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    /**
     * @param client name of an AMQP client
     * @param uri with its password
     */
    AmqpLoad(String client, String uri, int payloadBytes) {
        this.client = client;
        this.body = Json.bytes(BulkRun.task(payloadBytes).get("input"));
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(uri);
            connection = factory.newConnection("bench");
            publishing = connection.createChannel();
            Channel results = connection.createChannel();
            String queue = client + "." + REPLY_TO;
            results.queueDeclare(queue, false, true, true, Map.of());
            results.queueBind(queue, Exchanges.RESULTS, "*.*." + client + "." + REPLY_TO);
            results.basicConsume(queue, true, (tag, result) -> take(result), tag -> {});
        } catch (IOException | TimeoutException | URISyntaxException | GeneralSecurityException e) {
            throw new FleetException("cannot submit over AMQP: " + e, e);
        }
    }

    @Override
    public String name() {
        return "AMQP, publish to result";
    }

    @Override
    public void send(Consumer<@Nullable String> ended) {
        String id = Long.toString(ids.incrementAndGet());
        waiting.put(id, ended);
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .deliveryMode(2)
                        .replyTo(REPLY_TO)
                        .correlationId(id)
                        .build();
        try {
            publishing.basicPublish(
                    Exchanges.submit(client), "generate.any", true, properties, body);
        } catch (IOException e) {
            waiting.remove(id);
            ended.accept(e.toString());
        }
    }

    private void take(Delivery result) {
        Consumer<@Nullable String> ended =
                waiting.remove(result.getProperties().getCorrelationId());
        if (ended != null) {
            String outcome =
                    String.valueOf(result.getProperties().getHeaders().get(Headers.OUTCOME));
            ended.accept(outcome.equals("succeeded") ? null : outcome);
        }
    }

    @Override
    public void close() {
        connection.abort();
    }
}
