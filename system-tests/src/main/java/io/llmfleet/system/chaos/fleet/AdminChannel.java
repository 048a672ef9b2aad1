package io.llmfleet.system.chaos.fleet;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.BrokerEndpoint;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Does to the broker what only its administrator may. */
public final class AdminChannel {

    private static final long CONFIRM_MILLIS = 20_000;

    private final BrokerEndpoint endpoint;

    /** Something done on a channel. */
    @FunctionalInterface
    public interface Step {
        void on(Channel channel) throws IOException, TimeoutException, InterruptedException;
    }

    public AdminChannel(BrokerEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    public void run(Step step) {
        try (Connection connection = endpoint.connect("chaos admin");
                Channel channel = connection.createChannel()) {
            step.on(channel);
        } catch (IOException | TimeoutException e) {
            throw new FleetException("the broker does not do it: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    /** Publishes just this; it is in a queue when it returns. */
    public void publish(
            String exchange,
            String key,
            Map<String, Object> headers,
            String messageId,
            byte[] body) {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .headers(headers)
                        .messageId(messageId)
                        .deliveryMode(2)
                        .build();
        run(
                channel -> {
                    channel.confirmSelect();
                    channel.basicPublish(exchange, key, true, properties, body);
                    channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
                });
    }
}
