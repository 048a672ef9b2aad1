package io.llmfleet.wire;

import io.llmfleet.model.Priority;
import java.time.Instant;

/**
 * A worker's consumer was cancelled by the broker: its work queue was deleted, with what was in it.
 *
 * @param at tasks that were routed there before may have to be dispatched anew
 */
public record QueueLost(String pool, Priority priority, Instant at) {}
