package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a task on the way; a message on the event stream is a JSON array of them.
 *
 * @param kind one of the constants of this class; also the first word of the routing key
 * @param state for {@link #FINAL}, the final state
 * @param code for {@link #RETRYING} and a failed {@link #FINAL}, the failure code
 * @param why for {@link #ROUTED}, the router's reason; for {@link #RETRYING}, the retry level
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Event(
        String kind,
        UUID taskId,
        String type,
        int epoch,
        int attempt,
        Instant at,
        @Nullable String pool,
        @Nullable String model,
        @Nullable String worker,
        @Nullable String state,
        @Nullable String code,
        @Nullable String why) {

    public static final String ROUTED = "routed";
    public static final String RUNNING = "running";
    public static final String RETRYING = "retrying";
    public static final String FINAL = "final";

    /**
     * The kind of a message whose body is one {@link QueueLost}; its key's second word is {@code
     * any}.
     */
    public static final String QUEUE_LOST = "queue-lost";

    /**
     * The kind of a message whose body is one {@link WorkerInfo}; its key's second word is {@code
     * any}.
     */
    public static final String WORKER = "worker";
}
