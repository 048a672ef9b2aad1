package io.llmfleet.producer.dispatch;

import io.llmfleet.model.Defaults;
import io.llmfleet.model.Priority;
import io.llmfleet.producer.dispatch.Windows.Room;
import io.llmfleet.producer.task.OpenTasks.Lane;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Decides which tasks go to the broker now, and when there are too many of them. */
final class DispatchPolicy {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(120);

    /** A lower priority is left this part of what can be sent at once. */
    private static final int LEAST_PART = 8;

    private DispatchPolicy() {}

    /**
     * Whether a task may overtake the store and go to the broker at once: only if no older one of
     * its lane waits there, and there is room.
     *
     * @param allowed how many of its lane may be in the broker
     */
    static boolean mayGoAtOnce(
            long waiting, long inBroker, long allowed, boolean brokerTakesMessages) {
        return brokerTakesMessages && waiting == 0 && inBroker < allowed;
    }

    /**
     * How many tasks of each lane to send now where they are more than can be sent at once: higher
     * priorities first, but none gets all, and between tenants of a priority fair shares.
     *
     * @param budget how many may be sent at once
     */
    static Map<Lane, Integer> shares(List<Room> rooms, int budget) {
        Map<Priority, List<Room>> byPriority =
                rooms.stream()
                        .collect(
                                Collectors.groupingBy(
                                        r -> r.lane().priority(),
                                        () -> new EnumMap<>(Priority.class),
                                        Collectors.toList()));
        Map<Lane, Integer> shares = new LinkedHashMap<>();
        long left = budget;
        int lower = byPriority.size();
        for (List<Room> same : byPriority.values()) {
            lower--;
            Map<Lane, Long> demands =
                    same.stream().collect(Collectors.toMap(Room::lane, Room::tasks));
            Map<Lane, Long> parts = MaxMin.ofLanes(demands, left - lower * (budget / LEAST_PART));
            for (Map.Entry<Lane, Long> part : parts.entrySet()) {
                if (part.getValue() > 0) {
                    shares.put(part.getKey(), part.getValue().intValue());
                    left -= part.getValue();
                }
            }
        }
        return shares;
    }

    /** Whether a task that was interrupted so often is given up. */
    static boolean isPoison(int interruptions) {
        return interruptions > Defaults.INTERRUPTIONS;
    }

    /**
     * When a caller that was refused may find room: the time that the excess takes at the present
     * rate.
     *
     * @param finalsPerSecond 0 if nothing is finished at present
     */
    static Duration retryAfter(long open, long maxOpen, double finalsPerSecond) {
        double excess = Math.max(1.0, open - maxOpen + 0.02 * maxOpen);
        double seconds =
                finalsPerSecond <= 0
                        ? LONGEST_WAIT.toSeconds()
                        : Math.ceil(excess / finalsPerSecond);
        return Duration.ofSeconds((long) Math.clamp(seconds, 1.0, LONGEST_WAIT.toSeconds()));
    }
}
