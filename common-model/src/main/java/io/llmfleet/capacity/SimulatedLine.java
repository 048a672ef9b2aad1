package io.llmfleet.capacity;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * A line that is played through, task by task, to check what is computed: first come, first served
 * (Kiefer and Wolfowitz: On the theory of queues with many servers, 1955).
 */
public final class SimulatedLine {

    private SimulatedLine() {}

    /**
     * @param gaps between one task and the next, in seconds
     * @param services in seconds
     * @return how long each of {@code tasks} waited, in seconds; the line is empty at first
     */
    public static double[] waits(
            int slots, int tasks, DoubleSupplier gaps, DoubleSupplier services) {
        PriorityQueue<Double> free = new PriorityQueue<>();
        for (int i = 0; i < slots; i++) {
            free.add(0.0);
        }
        double[] waits = new double[tasks];
        double now = 0;
        for (int i = 0; i < tasks; i++) {
            now += gaps.getAsDouble();
            double start = Math.max(now, free.remove());
            waits[i] = start - now;
            free.add(start + services.getAsDouble());
        }
        return waits;
    }

    /** The waits of an M/G/c queue, its first tenth left out: then it is as full as it gets. */
    public static double[] waits(WaitingLine line, int tasks, RandomGenerator random) {
        double[] all =
                waits(
                        line.slots(),
                        tasks,
                        () -> random.nextExponential() / line.rate(),
                        times(line.service(), random));
        return Arrays.copyOfRange(all, tasks / 10, tasks);
    }

    /**
     * Times with this mean and variation: constant, exponential, or by two moments else: Erlang
     * mixtures below 1 and hyperexponential with balanced means above (Tijms: A First Course in
     * Stochastic Models, appendix B).
     */
    public static DoubleSupplier times(ServiceTime service, RandomGenerator random) {
        double mean = service.mean();
        double cv2 = service.cv2();
        if (cv2 == 0) {
            return () -> mean;
        }
        if (cv2 == 1) {
            return () -> mean * random.nextExponential();
        }
        return cv2 < 1 ? erlang(mean, cv2, random) : hyperexponential(mean, cv2, random);
    }

    private static DoubleSupplier erlang(double mean, double cv2, RandomGenerator random) {
        int k = (int) Math.ceil(1 / cv2);
        double fewer = (k * cv2 - Math.sqrt(k * (1 + cv2) - k * k * cv2)) / (1 + cv2);
        double phase = mean / (k - fewer);
        return () -> {
            int phases = random.nextDouble() < fewer ? k - 1 : k;
            double sum = 0;
            for (int i = 0; i < phases; i++) {
                sum += random.nextExponential();
            }
            return sum * phase;
        };
    }

    private static DoubleSupplier hyperexponential(
            double mean, double cv2, RandomGenerator random) {
        double often = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2;
        return () -> {
            double branch = random.nextDouble() < often ? often : 1 - often;
            return random.nextExponential() * mean / (2 * branch);
        };
    }
}
