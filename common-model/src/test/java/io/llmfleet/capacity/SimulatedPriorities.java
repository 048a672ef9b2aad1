package io.llmfleet.capacity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/** Two classes that come equally often; the first goes first, and nothing that runs is stopped. */
final class SimulatedPriorities {

    private final List<Deque<Double>> waiting = List.of(new ArrayDeque<>(), new ArrayDeque<>());
    private final PriorityQueue<Double> busy = new PriorityQueue<>();
    private final double[] sums = new double[2];
    private final long[] counts = new long[2];
    private final DoubleSupplier services;
    private final int slots;

    private SimulatedPriorities(int slots, DoubleSupplier services) {
        this.slots = slots;
        this.services = services;
    }

    /** The mean waits of the two. */
    static double[] meanWaits(WaitingLine line, int tasks, RandomGenerator random) {
        var all =
                new SimulatedPriorities(line.slots(), SimulatedLine.times(line.service(), random));
        double now = 0;
        for (int i = 0; i < tasks; i++) {
            now += random.nextExponential() / line.rate();
            all.endUntil(now);
            all.come(now, random.nextInt(2));
        }
        return new double[] {all.sums[0] / all.counts[0], all.sums[1] / all.counts[1]};
    }

    private void come(double now, int kind) {
        if (busy.size() < slots) {
            start(now, now, kind);
        } else {
            waiting.get(kind).add(now);
        }
    }

    private void endUntil(double now) {
        while (!busy.isEmpty() && busy.element() <= now) {
            double end = busy.remove();
            for (int kind = 0; kind < 2 && busy.size() < slots; kind++) {
                Double came = waiting.get(kind).poll();
                if (came != null) {
                    start(end, came, kind);
                    break;
                }
            }
        }
    }

    private void start(double now, double came, int kind) {
        sums[kind] += now - came;
        counts[kind]++;
        busy.add(now + services.getAsDouble());
    }
}
