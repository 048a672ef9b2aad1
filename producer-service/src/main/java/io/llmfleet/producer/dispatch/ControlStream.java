package io.llmfleet.producer.dispatch;

import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.Outgoing;
import io.llmfleet.wire.Control;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes what all workers read: heartbeats, cancels, and who runs a task. */
public final class ControlStream {

    private final ConfirmingPublisher publisher;

    ControlStream(ConfirmingPublisher publisher) {
        this.publisher = publisher;
    }

    /** Tells workers how far they have read; skipped while the broker takes no messages. */
    void heartbeat() {
        if (available()) {
            var _ = write(RoutingKeys.CONTROL_HEARTBEAT, null, 0);
        }
    }

    /** Completes once it is said; then workers that run the task answer. */
    CompletableFuture<Void> whoRuns(UUID task, int epoch) {
        return write(RoutingKeys.CONTROL_WHO_RUNS, task, epoch);
    }

    /** Messages of this epoch and of older ones must not start; a call that runs may end. */
    void supersede(UUID task, int epoch) {
        var _ = write(RoutingKeys.CONTROL_SUPERSEDE, task, epoch);
    }

    /** Whether the broker takes messages now. */
    boolean available() {
        return publisher.available();
    }

    /** Messages of this epoch and of older ones must not start, and running calls are aborted. */
    public void cancel(UUID task, int epoch) {
        var _ = write(RoutingKeys.CONTROL_CANCEL, task, epoch);
    }

    private CompletableFuture<Void> write(String key, @Nullable UUID task, int epoch) {
        byte[] body = Json.bytes(new Control(task, epoch, Instant.now()));
        return publisher.publish(new Outgoing(Exchanges.CONTROL, key, true, key, Map.of(), body));
    }
}
