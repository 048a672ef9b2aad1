package io.llmfleet.wire;

import java.time.Instant;
import java.util.List;

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
        Instant at) {}
