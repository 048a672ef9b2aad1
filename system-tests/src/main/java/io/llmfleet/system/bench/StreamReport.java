package io.llmfleet.system.bench;

import org.HdrHistogram.AbstractHistogram;

/**
 * What streaming through the fleet costs.
 *
 * @param machine its size
 * @param callsPerSecond to the fleet, and as many to the backend itself at the same time
 * @param firstDirect time to the first piece without the fleet; {@code firstFleet} with it
 * @param totalDirect time to the end without the fleet; {@code totalFleet} with it
 * @param hop time through one quorum queue of an idle broker; a task goes through three
 * @param streams at once in the second part, each with {@code piecesPerSecond}
 * @param age from the making of a piece to its arrival, of that many streams
 */
record StreamReport(
        String machine,
        String broker,
        int callsPerSecond,
        Percentiles firstDirect,
        Percentiles firstFleet,
        Percentiles totalDirect,
        Percentiles totalFleet,
        Percentiles hop,
        int streams,
        double piecesPerSecond,
        Percentiles age) {

    /** In milliseconds. */
    record Percentiles(long count, double p50, double p95, double p99, double max) {

        static Percentiles of(AbstractHistogram micros) {
            return new Percentiles(
                    micros.getTotalCount(),
                    micros.getValueAtPercentile(50) / 1e3,
                    micros.getValueAtPercentile(95) / 1e3,
                    micros.getValueAtPercentile(99) / 1e3,
                    micros.getMaxValue() / 1e3);
        }
    }
}
