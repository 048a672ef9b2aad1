package io.llmfleet.producer.dispatch;

import static java.util.stream.Collectors.toMap;

import io.llmfleet.producer.task.LaneLook;
import io.llmfleet.producer.task.OpenTasks.Lane;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;

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
     * The window of a line. Where nothing was seen to run, it is guessed: a worker need not say
     * what it runs, and with short calls looks may miss it.
     *
     * @param slots of all workers, as far as they have announced themselves
     */
    static long of(Pace pace, int slots, Duration ahead) {
        if (pace.learned() && pace.running() >= 1) {
            return pace.window(ahead);
        }
        long guess = slots > 0 ? new Pace(pace.perSecond(), slots, 0).window(ahead) : WITHOUT_SLOTS;
        return Math.max(guess, pace.window(ahead));
    }

    /**
     * Each lane's part of a line's window: of tenants the fair share, of a tenant's types the same
     * of what is the tenant's; at least one task, and never less than what keeps its own workers
     * busy. Lanes of a line may go to different pools, so one that is stuck or slow must not hold
     * back another.
     *
     * <p>A part is not only what a lane asks for at the moment: what comes before the next look has
     * its equal share as well, and its part of what nobody asks for.
     */
    static Map<Lane, Long> parts(
            List<LaneLook> lanes, long window, Function<LaneLook, Pace> pace, Duration ahead) {
        Map<Lane, Long> demands =
                lanes.stream().collect(toMap(LaneLook::lane, l -> l.inLine() + l.waiting()));
        Map<Lane, Long> asked = MaxMin.ofLanes(demands, window);
        Map<Lane, Long> equal =
                MaxMin.ofLanes(lanes.stream().collect(toMap(LaneLook::lane, l -> window)), window);
        double spread =
                (double) window / Math.max(1, asked.values().stream().mapToLong(a -> a).sum());
        Map<Lane, Long> parts = new HashMap<>();
        for (LaneLook each : lanes) {
            Lane lane = each.lane();
            long part = (long) (spread * asked.getOrDefault(lane, 0L));
            long own = pace.apply(each).ownWindow(each.running(), ahead);
            parts.put(
                    lane,
                    LongStream.of(1, part, equal.getOrDefault(lane, 0L), own).max().orElseThrow());
        }
        return parts;
    }

    /**
     * What a tenant may send at once that has nothing in the line yet.
     *
     * @param tenants that have
     */
    static long ofNewcomer(long tenants, long window) {
        return Math.max(1, window / (tenants + 1));
    }
}
