package io.llmfleet.producer.capacity;

import org.jspecify.annotations.Nullable;

/**
 * What would be if: what is not said is as it was measured. Times in seconds.
 *
 * @param rate tasks a second
 * @param variation coefficient of variation of the service time
 * @param longestWait the longest mean wait that is wanted
 */
public record Question(
        String pool,
        @Nullable Double rate,
        @Nullable Integer slots,
        @Nullable Integer workers,
        @Nullable Double serviceTime,
        @Nullable Double variation,
        @Nullable Double longestWait) {}
