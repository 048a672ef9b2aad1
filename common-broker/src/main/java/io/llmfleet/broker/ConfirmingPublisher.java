package io.llmfleet.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import io.llmfleet.broker.PublishingChannel.Pending;
import io.llmfleet.metrics.LinkMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * Publishes on one channel of its own, with a window of unconfirmed messages, and tells of each
 * message whether the broker has it.
 *
 * <p>A message whose confirm is unknown (the connection was lost) is sent again under the same id
 * as soon as there is a connection, and says so in its header {@code llm-repeated}; so there is no
 * time-out, and a message may arrive twice but never not at all.
 *
 * <ul>
 *   <li>I1: a message is in exactly one of {@code backlog} and the channel's unconfirmed ones,
 *       until its future is done.
 *   <li>I2: {@code channel} and {@code backlog} are read and written under {@code lock}; a channel
 *       that was lost is never written to again.
 *   <li>I3: each message that is not done holds one permit of the window.
 * </ul>
 */
public final class ConfirmingPublisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ConfirmingPublisher.class);
    private static final Duration RECONNECT_DELAY = Duration.ofMillis(500);

    /** As RabbitMQ names it in the text with which it closes a channel. */
    private static final Pattern EXCHANGE = Pattern.compile("exchange '([^']+)'");

    private final ConnectionFactory connectionFactory;
    private final int window;
    private final Semaphore permits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition lost = lock.newCondition();
    private final ArrayDeque<Pending> backlog = new ArrayDeque<>();
    private final LinkMetrics.Publisher metrics;
    private final Runnable opened;
    private final Thread connector;
    private @Nullable PublishingChannel channel;
    private volatile boolean closed;

    /**
     * @param connectionFactory gives a connection that nothing consumes on
     * @param window how many messages may be unconfirmed at once
     * @param name by which it is told from other publishers of the process
     */
    public ConfirmingPublisher(
            ConnectionFactory connectionFactory, int window, String name, LinkMetrics metrics) {
        this.connectionFactory = connectionFactory;
        this.window = window;
        this.permits = new Semaphore(window);
        this.metrics = metrics.publisher(name, this::blocked, this::unconfirmed);
        this.opened = metrics.link(LinkMetrics.Purpose.PUBLISH, name, this::connected);
        this.connector = Thread.ofVirtual().name("publisher-connect").start(this::keepConnected);
    }

    /**
     * Sends a message; blocks while the window is full.
     *
     * @return completes once the broker has confirmed the message and not returned it; fails with
     *     {@link UnroutableException} (also where AMQP has no room for its keys), {@link
     *     RejectedByBrokerException} or {@link PublisherClosedException}. It completes on the
     *     connection's thread: what depends on it must not block and must not publish; use the
     *     async variants for that
     */
    public CompletableFuture<Void> publish(Outgoing message) {
        permits.acquireUninterruptibly();
        metrics.accepted();
        metrics.bytes(message.exchange(), message.body());
        long start = System.nanoTime();
        CompletableFuture<Void> done = new CompletableFuture<>();
        var _ =
                done.whenComplete(
                        (nothing, failure) -> settled(failure, System.nanoTime() - start));
        Pending pending = new Pending(message, done, false);
        lock.lock();
        try {
            if (closed) {
                pending.fail(new PublisherClosedException());
            } else if (!message.fits()) {
                pending.failAsUnroutable();
            } else if (channel == null) {
                backlog.add(pending);
            } else {
                channel.send(pending);
            }
        } finally {
            lock.unlock();
        }
        return done;
    }

    private void settled(@Nullable Throwable failure, long nanos) {
        switch (failure) {
            case null -> metrics.confirmed(nanos);
            case UnroutableException e -> metrics.returned();
            case RejectedByBrokerException e -> metrics.rejected();
            default -> metrics.closed();
        }
        permits.release();
    }

    /** How many messages are not confirmed yet. */
    public int unconfirmed() {
        return window - permits.availablePermits();
    }

    /**
     * Whether there is a connection and the broker takes messages on it (no memory or disk alarm).
     */
    public boolean available() {
        lock.lock();
        try {
            return channel != null && !channel.blocked();
        } finally {
            lock.unlock();
        }
    }

    private boolean connected() {
        lock.lock();
        try {
            return channel != null;
        } finally {
            lock.unlock();
        }
    }

    private boolean blocked() {
        lock.lock();
        try {
            return channel != null && channel.blocked();
        } finally {
            lock.unlock();
        }
    }

    /** Waits a while for outstanding confirms, then fails what is left. */
    @Override
    public void close() {
        try {
            if (permits.tryAcquire(window, 5, TimeUnit.SECONDS)) {
                permits.release(window);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Pending> left = new ArrayList<>();
        PublishingChannel last;
        lock.lock();
        try {
            closed = true;
            last = channel;
            channel = null;
            if (last != null) {
                left.addAll(last.unconfirmed());
            }
            left.addAll(backlog);
            backlog.clear();
            lost.signalAll();
        } finally {
            lock.unlock();
        }
        connector.interrupt();
        left.forEach(p -> p.fail(new PublisherClosedException()));
        if (last != null) {
            last.close();
        }
    }

    private void keepConnected() {
        boolean warned = false;
        while (!closed) {
            try {
                var next =
                        new PublishingChannel(connectionFactory.createConnection().getDelegate());
                use(next);
                warned = false;
                awaitLoss(next);
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                if (!warned) {
                    log.warn("no channel to publish on, trying again: {}", e.toString());
                    warned = true;
                }
                pause();
            }
        }
    }

    private void use(PublishingChannel next) {
        lock.lock();
        try {
            channel = next;
            for (Pending p = backlog.poll(); p != null; p = backlog.poll()) {
                if (!p.done().isDone()) {
                    next.send(p);
                }
            }
        } finally {
            lock.unlock();
        }
        opened.run();
        next.onLoss(this::handleLoss);
    }

    private void handleLoss(PublishingChannel last, ShutdownSignalException cause) {
        String refused = refusedExchange(cause);
        List<Pending> unroutable = new ArrayList<>();
        lock.lock();
        try {
            if (channel == last) {
                log.warn(
                        "publishing channel lost with {} messages unconfirmed: {}",
                        last.unconfirmed().size(),
                        cause.getMessage());
                channel = null;
                for (Pending p : last.unconfirmed()) {
                    if (p.message().exchange().equals(refused)) {
                        unroutable.add(p);
                    } else {
                        backlog.add(p.repeated());
                        metrics.repeated();
                    }
                }
                lost.signalAll();
            }
        } finally {
            lock.unlock();
        }
        unroutable.forEach(Pending::failAsUnroutable);
    }

    private void awaitLoss(PublishingChannel current) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (channel == current) {
                lost.await();
            }
        } finally {
            lock.unlock();
        }
        if (!closed) {
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RECONNECT_DELAY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The exchange for whose sake the broker closed the channel, because it does not exist or may
     * not be written to: sent again, its messages would close every channel to come.
     */
    private static @Nullable String refusedExchange(ShutdownSignalException cause) {
        if (cause.getReason() instanceof AMQP.Channel.Close close
                && (close.getReplyCode() == AMQP.NOT_FOUND
                        || close.getReplyCode() == AMQP.ACCESS_REFUSED)) {
            Matcher exchange = EXCHANGE.matcher(close.getReplyText());
            return exchange.find() ? exchange.group(1) : null;
        }
        return null;
    }
}
