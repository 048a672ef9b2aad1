package io.llmfleet.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import io.llmfleet.wire.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
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
 *   <li>I1: a message is in exactly one of {@code backlog} and its session's {@code unconfirmed},
 *       until its future is done.
 *   <li>I2: {@code session} and {@code backlog} are read and written under {@code lock}; a session
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
    private final Thread connector;
    private @Nullable Session session;
    private volatile boolean blocked;
    private volatile boolean closed;

    /**
     * @param again whether a session that was lost may have sent it
     */
    private record Pending(Outgoing message, CompletableFuture<Void> done, boolean again) {

        Pending repeated() {
            return new Pending(message, done, true);
        }
    }

    /**
     * @param connectionFactory gives a connection that nothing consumes on
     * @param window how many messages may be unconfirmed at once
     */
    public ConfirmingPublisher(ConnectionFactory connectionFactory, int window) {
        this.connectionFactory = connectionFactory;
        this.window = window;
        this.permits = new Semaphore(window);
        this.connector = Thread.ofVirtual().name("publisher-connect").start(this::keepConnected);
    }

    /**
     * Sends a message; blocks while the window is full.
     *
     * @return completes once the broker has confirmed the message and not returned it; fails with
     *     {@link UnroutableException}, {@link RejectedByBrokerException} or {@link
     *     PublisherClosedException}. It completes on the connection's thread: what depends on it
     *     must not block and must not publish; use the async variants for that
     */
    public CompletableFuture<Void> publish(Outgoing message) {
        permits.acquireUninterruptibly();
        Pending pending = new Pending(message, new CompletableFuture<>(), false);
        lock.lock();
        try {
            if (closed) {
                finish(pending, new PublisherClosedException());
            } else if (session == null) {
                backlog.add(pending);
            } else {
                session.send(pending);
            }
        } finally {
            lock.unlock();
        }
        return pending.done();
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
            return session != null && !blocked;
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
        Session last;
        lock.lock();
        try {
            closed = true;
            last = session;
            session = null;
            if (last != null) {
                left.addAll(last.unconfirmed.values());
            }
            left.addAll(backlog);
            backlog.clear();
            lost.signalAll();
        } finally {
            lock.unlock();
        }
        connector.interrupt();
        left.forEach(p -> finish(p, new PublisherClosedException()));
        if (last != null) {
            last.close();
        }
    }

    private void keepConnected() {
        boolean warned = false;
        while (!closed) {
            try {
                Session opened = new Session(connectionFactory.createConnection().getDelegate());
                opened.start();
                warned = false;
                awaitLoss(opened);
            } catch (InterruptedException e) {
                return;
            } catch (IOException | AmqpException | AlreadyClosedException e) {
                if (!warned) {
                    log.warn("no channel to publish on, trying again: {}", e.toString());
                    warned = true;
                }
                pause();
            }
        }
    }

    private void awaitLoss(Session opened) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (session == opened) {
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

    private void finish(Pending pending, @Nullable Throwable failure) {
        boolean first =
                failure == null
                        ? pending.done().complete(null)
                        : pending.done().completeExceptionally(failure);
        if (first) {
            permits.release();
        }
    }

    private static UnroutableException unroutable(Pending pending) {
        return new UnroutableException(
                pending.message().exchange(), pending.message().routingKey());
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

    /** One channel, from its opening to its loss. */
    private final class Session implements ConfirmListener, BlockedListener {

        private final Channel channel;
        private final ConcurrentNavigableMap<Long, Pending> unconfirmed =
                new ConcurrentSkipListMap<>();
        private final Set<Long> returned = ConcurrentHashMap.newKeySet();

        Session(Connection connection) throws IOException {
            blocked = false;
            connection.addBlockedListener(this);
            channel = connection.createChannel();
            if (channel == null) {
                throw new IOException("the connection has no channel left");
            }
            channel.confirmSelect();
            channel.addConfirmListener(this);
            channel.addReturnListener(this::handleReturn);
        }

        void start() {
            lock.lock();
            try {
                session = this;
                for (Pending p = backlog.poll(); p != null; p = backlog.poll()) {
                    if (!p.done().isDone()) {
                        send(p);
                    }
                }
            } finally {
                lock.unlock();
            }
            channel.addShutdownListener(this::handleLoss);
        }

        /**
         * Only under the lock; on failure the message stays unconfirmed and goes to the next
         * session.
         */
        void send(Pending pending) {
            Outgoing m = pending.message();
            long id = channel.getNextPublishSeqNo();
            unconfirmed.put(id, pending);
            try {
                channel.basicPublish(
                        m.exchange(),
                        m.routingKey(),
                        m.mandatory(),
                        m.properties(id, pending.again()),
                        m.body());
            } catch (IOException | AlreadyClosedException e) {
                log.debug("publish failed, will be sent again: {}", e.toString());
            }
        }

        private void handleLoss(ShutdownSignalException cause) {
            String refused = refusedExchange(cause);
            List<Pending> unroutable = new ArrayList<>();
            lock.lock();
            try {
                if (session == this) {
                    log.warn(
                            "publishing channel lost with {} messages unconfirmed: {}",
                            unconfirmed.size(),
                            cause.getMessage());
                    session = null;
                    blocked = false;
                    for (Pending p : unconfirmed.values()) {
                        if (p.message().exchange().equals(refused)) {
                            unroutable.add(p);
                        } else {
                            backlog.add(p.repeated());
                        }
                    }
                    lost.signalAll();
                }
            } finally {
                lock.unlock();
            }
            unroutable.forEach(p -> finish(p, unroutable(p)));
        }

        private void handleReturn(Return message) {
            Map<String, Object> headers = message.getProperties().getHeaders();
            if (headers != null && headers.get(Headers.PUBLISH_ID) instanceof Long id) {
                returned.add(id);
            }
        }

        @Override
        public void handleAck(long tag, boolean multiple) {
            confirm(tag, multiple, true);
        }

        @Override
        public void handleNack(long tag, boolean multiple) {
            confirm(tag, multiple, false);
        }

        private void confirm(long tag, boolean multiple, boolean taken) {
            if (!multiple) {
                confirmOne(tag, unconfirmed.remove(tag), taken);
                return;
            }
            for (Long id : unconfirmed.headMap(tag, true).keySet()) {
                confirmOne(id, unconfirmed.remove(id), taken);
            }
        }

        private void confirmOne(long tag, @Nullable Pending pending, boolean taken) {
            boolean wasReturned = returned.remove(tag);
            if (pending == null) {
                return;
            }
            Outgoing m = pending.message();
            if (wasReturned) {
                finish(pending, unroutable(pending));
            } else if (!taken) {
                finish(pending, new RejectedByBrokerException(m.exchange(), m.routingKey()));
            } else {
                finish(pending, null);
            }
        }

        @Override
        public void handleBlocked(String reason) {
            log.warn("the broker takes no messages now: {}", reason);
            blocked = true;
        }

        @Override
        public void handleUnblocked() {
            log.info("the broker takes messages again");
            blocked = false;
        }

        void close() {
            try {
                channel.close();
            } catch (IOException
                    | java.util.concurrent.TimeoutException
                    | ShutdownSignalException e) {
                log.debug("closing a channel: {}", e.toString());
            }
        }
    }
}
