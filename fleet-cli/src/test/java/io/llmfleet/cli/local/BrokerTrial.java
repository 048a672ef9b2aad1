package io.llmfleet.cli.local;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tries things as one user of the broker, and tells a refusal from everything else. */
final class BrokerTrial implements AutoCloseable {

    /** Something that is tried with one thing of the broker after the other. */
    @FunctionalInterface
    interface Action<T> {
        void on(Channel channel, T what) throws Exception;
    }

    private final Connection connection;
    private @Nullable Channel open;

    BrokerTrial(String uri) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(uri);
        factory.setAutomaticRecoveryEnabled(false);
        connection = factory.newConnection("trial");
    }

    /**
     * Those for which the broker did not refuse it.
     *
     * @throws Exception if it failed for another reason than missing rights
     */
    <T> Set<T> accepted(Collection<T> all, Action<T> action) throws Exception {
        Set<T> accepted = new LinkedHashSet<>();
        for (T what : all) {
            if (accepts(what, action)) {
                accepted.add(what);
            }
        }
        return accepted;
    }

    <T> boolean accepts(T what, Action<T> action) throws Exception {
        try {
            action.on(channel(), what);
            return true;
        } catch (IOException | ShutdownSignalException e) {
            if (refused(e)) {
                return false;
            }
            throw new IllegalStateException(what + " failed otherwise", e);
        }
    }

    /** A refusal closes it. */
    private Channel channel() throws IOException {
        Channel known = open;
        if (known != null && known.isOpen()) {
            return known;
        }
        Channel fresh = connection.createChannel();
        fresh.confirmSelect();
        // Streams are read with a prefetch only.
        fresh.basicQos(1);
        open = fresh;
        return fresh;
    }

    private static boolean refused(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof ShutdownSignalException s
                    && s.getReason() instanceof AMQP.Channel.Close close) {
                return close.getReplyCode() == AMQP.ACCESS_REFUSED;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
