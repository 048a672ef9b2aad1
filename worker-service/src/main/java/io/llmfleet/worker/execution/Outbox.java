package io.llmfleet.worker.execution;

import io.llmfleet.model.Failure;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.WireBody;
import java.time.Instant;
import java.util.Map;

/**
 * Where a worker's words go; each returns once the broker has confirmed, so that the message may be
 * acknowledged.
 */
public interface Outbox {

    /**
     * @param result JSON of a {@link io.llmfleet.model.Result.Succeeded}
     * @param deltas how many deltas of this attempt came before
     * @return false if the worker stops before it is confirmed
     */
    boolean succeeded(Envelope task, Instant startedAt, String model, int deltas, byte[] result);

    /**
     * @param delegated JSON of a {@link io.llmfleet.wire.Delegated}
     */
    boolean delegated(Envelope task, Instant startedAt, byte[] delegated);

    boolean failed(Envelope task, Instant startedAt, Failure failure);

    /** The message may have been worked on before and is not run; its interruptions are told. */
    boolean interrupted(Envelope task);

    /** The message takes a level of the retry ladder and passes the router again. */
    boolean retry(Envelope task, RetryLadder.Level level, WireBody body);

    /** A message that only a newer worker understands takes a level of the ladder as it is. */
    boolean postpone(
            Map<String, Object> headers, RetryLadder.Level level, String ingressKey, WireBody body);
}
