package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.task.LaneLook;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says after what time a task that no worker has is no longer counted as one in line: a line of
 * calls that take a minute moves slowly, one of which nothing runs does not move.
 *
 * <p>Learned from looks at the store: how long tasks that run have waited and run so far.
 */
final class Patience {

    /** Where nothing is known. */
    static final Duration LEAST = Duration.ofSeconds(5);

    /** Of the mean time since tasks that run went to the broker. */
    private static final double TIMES = 4;

    /** A time is forgotten as slowly as it is long, and not faster than over so many seconds. */
    private static final double LEAST_MEMORY = 10;

    private final Map<String, Double> moving = new HashMap<>();

    void learn(List<LaneLook> lanes, double seconds) {
        moving.replaceAll((target, m) -> m * Math.exp(-seconds / Math.max(LEAST_MEMORY, m)));
        lanes.stream()
                .filter(l -> l.running() > 0)
                .collect(Collectors.groupingBy(l -> l.lane().target()))
                .forEach((target, running) -> moving.merge(target, mean(running), Math::max));
        moving.values().removeIf(m -> m < 0.1);
    }

    /** By target; elsewhere it is {@link #LEAST}. */
    Map<String, Duration> ofTargets() {
        return moving.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> of(e.getValue())));
    }

    private static Duration of(double moving) {
        return LEAST.plusMillis(Math.round(TIMES * moving * 1_000));
    }

    private static double mean(List<LaneLook> lanes) {
        double sum = lanes.stream().mapToDouble(l -> l.running() * l.takenSeconds()).sum();
        return sum / lanes.stream().mapToLong(LaneLook::running).sum();
    }
}
