package io.llmfleet.broker;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import io.llmfleet.wire.Headers;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel in confirm mode, from its opening to its loss: matches the broker's confirms and
 * returns with the messages that it sent.
 */
final class PublishingChannel implements ConfirmListener, BlockedListener {

    private static final Logger log = LoggerFactory.getLogger(PublishingChannel.class);

    private final Channel channel;
    private final ConcurrentNavigableMap<Long, Pending> unconfirmed = new ConcurrentSkipListMap<>();
    private final Set<Long> returned = ConcurrentHashMap.newKeySet();
    private volatile boolean blocked;

    /**
     * A message that the broker has not confirmed yet.
     *
     * @param again whether a channel that was lost may have sent it
     */
    record Pending(Outgoing message, CompletableFuture<Void> done, boolean again) {

        Pending repeated() {
            return new Pending(message, done, true);
        }

        void confirm() {
            done.complete(null);
        }

        void fail(Exception why) {
            done.completeExceptionally(why);
        }

        void failAsUnroutable() {
            fail(new UnroutableException(message.exchange(), message.routingKey()));
        }
    }

    @FunctionalInterface
    interface LossListener {
        /** The broker's last word on this channel; called once, at once if it is lost already. */
        void lost(PublishingChannel channel, ShutdownSignalException cause);
    }

    PublishingChannel(Connection connection) throws IOException {
        connection.addBlockedListener(this);
        Channel opened = connection.createChannel();
        if (opened == null) {
            throw new IOException("the connection has no channel left");
        }
        channel = opened;
        channel.confirmSelect();
        channel.addConfirmListener(this);
        channel.addReturnListener(this::handleReturn);
    }

    void onLoss(LossListener listener) {
        channel.addShutdownListener(cause -> listener.lost(this, cause));
    }

    /**
     * One thread at a time; on failure the message stays unconfirmed, and the listener hears of the
     * loss.
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
                    m.body().bytes());
        } catch (IOException | AlreadyClosedException e) {
            log.debug("publish failed, will be sent again: {}", e.toString());
        }
    }

    /** In the order of their sending. */
    Collection<Pending> unconfirmed() {
        return unconfirmed.values();
    }

    /** Whether the broker takes nothing on this connection (memory or disk alarm). */
    boolean blocked() {
        return blocked;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            log.debug("closing a channel: {}", e.toString());
        }
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
        if (wasReturned) {
            pending.failAsUnroutable();
        } else if (!taken) {
            Outgoing m = pending.message();
            pending.fail(new RejectedByBrokerException(m.exchange(), m.routingKey()));
        } else {
            pending.confirm();
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
}
