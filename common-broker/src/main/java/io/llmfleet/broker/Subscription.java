package io.llmfleet.broker;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.llmfleet.metrics.LinkMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * Keeps a channel open and set up: whenever it is lost (connection, queue deleted, queue missing),
 * a new one is opened and set up in the same way.
 */
public final class Subscription implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Subscription.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    /** Declares prefetch and consumers on a new channel. */
    @FunctionalInterface
    public interface Setup {
        void accept(Channel channel) throws IOException;
    }

    private final ConnectionFactory connectionFactory;
    private final String name;
    private final Setup setup;
    private final Runnable opened;
    private volatile boolean running;
    private volatile @Nullable Channel channel;
    private volatile boolean consuming;
    private @Nullable Thread keeper;

    /**
     * @param name of the queue or stream
     */
    public Subscription(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            LinkMetrics.Purpose purpose,
            String name,
            Setup setup) {
        this.connectionFactory = connectionFactory;
        this.name = name;
        this.setup = setup;
        this.opened = metrics.link(purpose, name, this::isOpen);
    }

    public synchronized void start() {
        if (!running) {
            running = true;
            keeper = Thread.ofVirtual().name("subscription-" + name).start(this::keepOpen);
        }
    }

    /** Whether there is a channel that consumes. */
    public boolean isOpen() {
        Channel current = channel;
        return consuming && current != null && current.isOpen();
    }

    /**
     * Gives the channel up, so that another one is opened: what it has not settled is delivered
     * again.
     */
    public void renew() {
        closeQuietly(channel);
    }

    @Override
    public synchronized void close() {
        running = false;
        if (keeper != null) {
            keeper.interrupt();
        }
        closeQuietly(channel);
    }

    private void keepOpen() {
        boolean warned = false;
        while (running) {
            try {
                openAndAwaitLoss();
                warned = false;
                if (running) {
                    log.info("channel of {} lost, opening another", name);
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | AmqpException | AlreadyClosedException e) {
                if (!warned) {
                    log.warn("cannot consume {}, trying again: {}", name, reason(e));
                    warned = true;
                }
            }
            pause();
        }
    }

    private void openAndAwaitLoss() throws IOException, InterruptedException {
        Channel current = connectionFactory.createConnection().getDelegate().createChannel();
        if (current == null) {
            throw new IOException("the connection has no channel left");
        }
        CountDownLatch lost = new CountDownLatch(1);
        current.addShutdownListener(cause -> lost.countDown());
        channel = current;
        try {
            setup.accept(current);
            consuming = true;
            opened.run();
            lost.await();
        } finally {
            consuming = false;
            closeQuietly(current);
        }
    }

    private void pause() {
        if (running) {
            try {
                Thread.sleep(RETRY_DELAY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String reason(Exception e) {
        return e.getCause() == null ? e.toString() : e.getCause().toString();
    }

    private static void closeQuietly(@Nullable Channel channel) {
        if (channel != null && channel.isOpen()) {
            try {
                channel.close();
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                log.debug("closing a channel: {}", e.toString());
            }
        }
    }
}
