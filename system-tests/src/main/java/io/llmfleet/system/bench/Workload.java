package io.llmfleet.system.bench;

import io.llmfleet.capacity.SimulatedLine;
import io.llmfleet.capacity.WaitingLine;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Tasks that come at random, each with its own service time, chosen so that an ideal line makes
 * them wait as long as the model says. A thousand tasks at random would not: at a utilisation of
 * 0.9 it takes some hundred thousand until their mean is within a few percent of the expected one.
 *
 * @param gaps seconds between one task and the next
 * @param services seconds
 */
@SuppressWarnings("ArrayRecordComponent")
record Workload(double[] gaps, double[] services) {

    private static final double CLOSE = 0.03;

    /** Tasks at exactly this rate, with exactly this mean service time. */
    static Workload of(WaitingLine line, int tasks) {
        return LongStream.range(1, 10_000)
                .mapToObj(seed -> drawn(line, tasks, seed))
                .filter(w -> w.isTypicalOf(line))
                .findFirst()
                .orElseThrow();
    }

    private static Workload drawn(WaitingLine line, int tasks, long seed) {
        Random random = new Random(seed);
        double[] gaps = new double[tasks];
        double[] services = new double[tasks];
        var times = SimulatedLine.times(line.service(), random);
        Arrays.setAll(gaps, i -> random.nextExponential());
        Arrays.setAll(services, i -> times.getAsDouble());
        return new Workload(scaled(gaps, 1 / line.rate()), scaled(services, line.service().mean()));
    }

    private static double[] scaled(double[] values, double mean) {
        double factor = mean / mean(values);
        return Arrays.stream(values).map(v -> v * factor).toArray();
    }

    private boolean isTypicalOf(WaitingLine line) {
        double expected = line.meanWait();
        return Math.abs(idealWait(line.slots()) - expected) <= CLOSE * expected
                && Math.abs(cv2() - line.service().cv2()) <= CLOSE;
    }

    double idealWait(int slots) {
        int[] at = new int[2];
        return mean(
                SimulatedLine.waits(
                        slots, gaps.length, () -> gaps[at[0]++], () -> services[at[1]++]));
    }

    private double cv2() {
        double mean = mean(services);
        return Arrays.stream(services).map(s -> (s - mean) * (s - mean)).average().orElse(0)
                / (mean * mean);
    }

    double seconds() {
        return Arrays.stream(gaps).sum();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
