package io.llmfleet.producer.dispatch;

import io.llmfleet.model.Defaults;
import io.llmfleet.producer.task.OpenTasks.Lane;
import io.llmfleet.producer.task.OpenTasks.LaneCount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides which tasks go to the broker now, and when there are too many of them. */
final class DispatchPolicy {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(120);

    private DispatchPolicy() {}

    /**
     * Whether a task may overtake the store and go to the broker at once: only if no older one of
     * its lane waits there, and there is room.
     */
    static boolean mayGoAtOnce(
            long waiting, long inBroker, int window, boolean brokerTakesMessages) {
        return brokerTakesMessages && waiting == 0 && inBroker < window;
    }

    /**
     * How many waiting tasks of each lane to send now: no lane beyond its window, higher priorities
     * first, and between tenants of a priority an equal share of the budget.
     *
     * @param budget how many may be sent at once
     */
    static Map<Lane, Integer> shares(List<LaneCount> counts, int window, int budget) {
        Map<Lane, Integer> shares = new LinkedHashMap<>();
        int left = budget;
        List<LaneCount> eligible =
                new ArrayList<>(counts.stream().filter(c -> room(c, window) > 0).toList());
        eligible.sort(
                Comparator.comparing((LaneCount c) -> c.lane().priority())
                        .thenComparing(c -> room(c, window)));
        for (int i = 0; i < eligible.size() && left > 0; i++) {
            LaneCount lane = eligible.get(i);
            long samePriority =
                    eligible.subList(i, eligible.size()).stream()
                            .filter(c -> c.lane().priority() == lane.lane().priority())
                            .count();
            int fair = (int) Math.max(1, left / samePriority);
            int share = (int) Math.min(fair, room(lane, window));
            shares.put(lane.lane(), share);
            left -= share;
        }
        return shares;
    }

    private static long room(LaneCount count, int window) {
        return Math.min(count.waiting(), window - count.inBroker());
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
