package io.llmfleet.broker;

import com.rabbitmq.client.Channel;
import io.llmfleet.wire.BrokerTrust;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Checks at the start of a service, before anything consumes or takes requests, that what it needs
 * on the broker is there; a service never declares anything.
 *
 * <p>It is no part of making the beans, which needs nothing but this machine.
 */
public final class TopologyCheck implements SmartLifecycle {

    /** Behind the connections', which comes first. */
    private static final int PHASE = Integer.MIN_VALUE + 1;

    private final ConnectionFactory connectionFactory;
    private final List<String> exchanges;
    private final List<String> queues;
    private volatile boolean running;

    public TopologyCheck(
            ConnectionFactory connectionFactory, List<String> exchanges, List<String> queues) {
        this.connectionFactory = connectionFactory;
        this.exchanges = List.copyOf(exchanges);
        this.queues = List.copyOf(queues);
    }

    /**
     * @throws IllegalStateException naming the first queue or exchange that is missing, and what to
     *     run
     */
    @Override
    public void start() {
        exchanges.forEach(e -> check("exchange " + e, c -> c.exchangeDeclarePassive(e)));
        queues.forEach(q -> check("queue " + q, c -> c.queueDeclarePassive(q)));
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @FunctionalInterface
    private interface PassiveDeclare {
        Object on(Channel channel) throws IOException;
    }

    private void check(String what, PassiveDeclare declare) {
        try (Channel channel = connectionFactory.createConnection().getDelegate().createChannel()) {
            declare.on(channel);
        } catch (IOException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new IllegalStateException(
                    what + " is not usable; run './fleet topology apply' first (" + reason + ")",
                    e);
        } catch (AmqpException e) {
            throw unreached(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker did not answer", e);
        }
    }

    private static IllegalStateException unreached(AmqpException e) {
        String what = "the broker is not reached: ";
        // Without the cause: whoever reads a log's last lines should find the words and not TLS's.
        return BrokerTrust.problem(e)
                .map(p -> new IllegalStateException(what + p))
                .orElseGet(() -> new IllegalStateException(what + rootMessage(e), e));
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
