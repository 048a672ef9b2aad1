package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.model.Usage;
import java.math.BigDecimal;
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
 * @param size for {@link #ROUTED}, of the task's body in bytes
 * @param callMillis for {@link #RETRYING} and {@link #FINAL}, how long the attempt's call took,
 *     where the backend answered
 * @param cost of that call, where its price is known
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
        @Nullable String why,
        @Nullable Integer size,
        @Nullable Long callMillis,
        @Nullable BigDecimal cost) {

    public static final String ROUTED = "routed";
    public static final String RUNNING = "running";
    public static final String RETRYING = "retrying";
    public static final String FINAL = "final";

    /**
     * The kind of a message whose body is one {@link RouteQuestion}; its key's second word is the
     * type asked for.
     */
    public static final String EXPLAIN = "explain";

    /**
     * The kind of a message whose body is one {@link RouteExplanation}; its key's second word is
     * the type asked for.
     */
    public static final String EXPLAINED = "explained";

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

    /** One that measured nothing. */
    public Event(
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
        this(
                kind, taskId, type, epoch, attempt, at, pool, model, worker, state, code, why, null,
                null, null);
    }

    /** The same of a task whose body has so many bytes. */
    public Event sized(int bytes) {
        return new Event(
                kind,
                taskId,
                type,
                epoch,
                attempt,
                at,
                pool,
                model,
                worker,
                state,
                code,
                why,
                bytes,
                callMillis,
                cost);
    }

    /** The same with what its attempt used; null where that is not known. */
    public Event used(@Nullable Usage usage) {
        return usage == null
                ? this
                : new Event(
                        kind,
                        taskId,
                        type,
                        epoch,
                        attempt,
                        at,
                        pool,
                        model,
                        worker,
                        state,
                        code,
                        why,
                        size,
                        usage.callMillis(),
                        usage.cost());
    }
}
