package io.llmfleet.producer.queue;

import java.time.Duration;

/**
 * How long the k-th in line waits.
 *
 * <p>While all c servers of an M/M/c queue are busy, tasks leave it as a Poisson process of rate c
 * mu, and the k-th in line starts at the k-th departure: its wait has an Erlang distribution with
 * the mean k / (c mu) (Gross, Shortle, Thompson, Harris: Fundamentals of Queueing Theory, 4th
 * edition, section 2.3). Whoever finds a free server waits for nobody. Arrivals do not matter, as
 * long as none goes before it.
 */
final class QueueForecast {

    private static final double LONGEST_SECONDS = Duration.ofDays(365).toSeconds();

    private QueueForecast() {}

    /**
     * @param position in line, from 1
     */
    static Duration meanWait(long position, Capacity capacity) {
        long departures = Math.max(0, position - capacity.free());
        double seconds = Math.min(LONGEST_SECONDS, departures / capacity.perSecond());
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
