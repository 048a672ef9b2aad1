package io.llmfleet.producer.dispatch;

import java.util.concurrent.atomic.LongAdder;

/**
 * How many tasks become final per second, as an exponentially weighted mean over about half a
 * minute.
 */
public final class Throughput {

    private static final double WEIGHT = 0.03;

    private final LongAdder finals = new LongAdder();
    private long last;
    private long lastNanos = System.nanoTime();
    private volatile double perSecond;

    public void finished(int tasks) {
        finals.add(tasks);
    }

    /** How many since the start of this process. */
    public long finished() {
        return finals.sum();
    }

    /** Called about once a second, by one thread. */
    void tick() {
        long now = System.nanoTime();
        long count = finals.sum();
        double seconds = (now - lastNanos) / 1e9;
        if (seconds > 0) {
            double current = (count - last) / seconds;
            double weight = Math.min(1.0, WEIGHT * seconds);
            perSecond = perSecond == 0 ? current : perSecond + weight * (current - perSecond);
        }
        last = count;
        lastNanos = now;
    }

    double perSecond() {
        return perSecond;
    }
}
