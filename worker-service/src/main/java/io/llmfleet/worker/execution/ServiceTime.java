package io.llmfleet.worker.execution;

import org.jspecify.annotations.Nullable;

/**
 * How long a task holds a slot: the plain mean of the first twenty, then one in which each further
 * task counts a twentieth (exponential smoothing).
 */
final class ServiceTime {

    private static final double LEAST_WEIGHT = 0.05;

    private long tasks;
    private double meanNanos;

    synchronized void add(long nanos) {
        tasks++;
        meanNanos += Math.max(LEAST_WEIGHT, 1.0 / tasks) * (nanos - meanNanos);
    }

    /** In milliseconds; null before the first. */
    synchronized @Nullable Double meanMillis() {
        return tasks == 0 ? null : meanNanos / 1e6;
    }
}
