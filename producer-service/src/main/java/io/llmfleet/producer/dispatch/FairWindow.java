package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.task.LaneLook;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Decides how many tasks of each tenant may be in the broker for one priority and target.
 *
 * <p>Queues in the broker are first come, first served. So there is never more in them than workers
 * take in a moment; the rest waits in the store, where the next task can be any tenant's.
 */
final class FairWindow {

    /** Before anything is known of a fleet: workers announce themselves within seconds. */
    private static final long WITHOUT_SLOTS = 64;

    private FairWindow() {}

    /**
     * The window of a line.
     *
     * @param slots of all workers, as far as they have announced themselves
     */
    static long of(Pace pace, int slots, Duration ahead) {
        if (pace.learned()) {
            return pace.window(ahead);
        }
        long guess = slots > 0 ? new Pace(pace.perSecond(), slots, 0).window(ahead) : WITHOUT_SLOTS;
        return Math.max(guess, pace.window(ahead));
    }

    /**
     * Each lane's part of a line's window: the fair share, at least one task, and never less than
     * what keeps its own workers busy. Lanes of a line may go to different pools, so one that is
     * stuck or slow must not hold back another.
     *
     * @return in the order of the lanes
     */
    static long[] parts(
            List<LaneLook> lanes, long window, Function<LaneLook, Pace> pace, Duration ahead) {
        long[] demands = lanes.stream().mapToLong(l -> l.inLine() + l.waiting()).toArray();
        long[] parts = MaxMin.shares(demands, window);
        for (int i = 0; i < parts.length; i++) {
            LaneLook lane = lanes.get(i);
            long own = pace.apply(lane).ownWindow(lane.running(), ahead);
            parts[i] = Math.max(Math.max(1, own), parts[i]);
        }
        return parts;
    }

    /** What a tenant may send at once that has nothing in the line yet. */
    static long ofNewcomer(int lanes, long window) {
        return Math.max(1, window / (lanes + 1));
    }
}
