package io.llmfleet.producer.task;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Priority;
import io.llmfleet.wire.Envelope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task that is not final, as far as its dispatch needs it.
 *
 * @param turn what it says about its place in the conversation, if it is in one
 * @param key the API key that it came with; null where it came over AMQP
 * @param round how often it has delegated
 * @param body the JSON bytes of a {@link io.llmfleet.wire.TaskBody}
 */
@SuppressWarnings("ArrayRecordComponent")
public record OpenTask(
        UUID id,
        String tenant,
        String type,
        String target,
        Priority priority,
        int epoch,
        int attempt,
        int interruptions,
        Instant createdAt,
        Instant deadline,
        Duration callLimit,
        @Nullable String conversation,
        @Nullable TurnOptions turn,
        List<AttemptFailure> failures,
        String traceParent,
        @Nullable UUID key,
        int round,
        byte[] body) {

    /** What the message of this dispatch says in its headers. */
    public Envelope envelope(int maxAttempts) {
        return new Envelope(
                id,
                type,
                target,
                priority,
                tenant,
                epoch,
                attempt,
                maxAttempts,
                interruptions,
                createdAt,
                deadline,
                callLimit,
                conversation,
                null,
                null,
                null,
                null,
                failures,
                traceParent);
    }
}
