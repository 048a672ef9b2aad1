package io.llmfleet.system.bench;

import java.util.List;
import java.util.Map;

/**
 * What one run of the benchmark found.
 *
 * @param machine its size, since absolute figures mean nothing without it
 * @param broker which one, and how it was run
 * @param tasksPerSecond median of the rounds, from the first accept to the last stored final
 * @param ceilingPerSecond median of what RabbitMQ PerfTest moves through each of three quorum
 *     queues at once
 * @param ratio of the two
 * @param restPerSecond single requests that wait for their answers
 * @param latencies at a fifth of the top rate: over AMQP of {@code tasksPerSecond}, over REST of
 *     {@code restPerSecond}
 */
record BenchReport(
        String machine,
        String broker,
        int tasks,
        int payloadBytes,
        List<Round> rounds,
        double tasksPerSecond,
        double ceilingPerSecond,
        double ratio,
        Map<String, Cost> processes,
        double restPerSecond,
        List<Latency> latencies) {

    /** One ceiling and one fleet, measured one after the other. */
    record Round(double ceilingPerSecond, double tasksPerSecond) {}

    /**
     * What a process took.
     *
     * @param cpuSecondsPerThousandTasks median of the rounds
     * @param memoryMegabytes resident, after the last round
     */
    record Cost(double cpuSecondsPerThousandTasks, double memoryMegabytes) {}

    /**
     * From the moment at which a task was due to be sent to its whole answer, so that a stall
     * counts for all who wait in it.
     */
    record Latency(
            String path,
            double tasksPerSecond,
            long tasks,
            double p50Ms,
            double p90Ms,
            double p99Ms,
            double p999Ms,
            double maxMs) {}

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
