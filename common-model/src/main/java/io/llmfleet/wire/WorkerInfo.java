package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says of itself on the event stream, every few seconds and when it stops.
 *
 * @param worker unique name of the process
 * @param models every model that its backends offer
 * @param types every type that it can do
 * @param slots calls at once
 * @param running calls now
 * @param pausedModels models whose backend's breaker is open
 * @param leaving true in the last announcement of a worker that stops
 * @param at when this was said
 * @param taskMillis how long a task holds a slot, on average lately, in milliseconds; null before
 *     the first is done
 */
public record WorkerInfo(
        String worker,
        String pool,
        List<String> models,
        List<String> types,
        int slots,
        int running,
        List<String> pausedModels,
        boolean leaving,
        Instant startedAt,
        Instant at,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double taskMillis) {

    /** A worker that has not done a task yet. */
    public WorkerInfo(
            String worker,
            String pool,
            List<String> models,
            List<String> types,
            int slots,
            int running,
            List<String> pausedModels,
            boolean leaving,
            Instant startedAt,
            Instant at) {
        this(
                worker,
                pool,
                models,
                types,
                slots,
                running,
                pausedModels,
                leaving,
                startedAt,
                at,
                null);
    }
}
