package io.llmfleet.worker.execution;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Decides how a worker's consumers are spread over its lanes (one per priority).
 *
 * <p>Each consumer holds at most one message, so a worker with {@code slots} slots and {@code slots
 * + 3} consumers holds no more than its slots and one unstarted message per priority.
 */
public final class LanePolicy {

    /** High, normal, low: how much of the slots a lane gets while all of them are busy. */
    private static final int[] WEIGHTS = {8, 4, 1};

    /** A consumer that should go from one lane to another. */
    public record Move(int from, int to) {}

    private LanePolicy() {}

    /** Normal priority has every consumer but one for each of the others. */
    public static int[] initial(int slots) {
        return new int[] {1, slots + 1, 1};
    }

    /**
     * The next move towards a fair spread, if one is due: from the lane with most beyond its share
     * to the one with least.
     *
     * @param consumers of each lane
     * @param held messages that each lane holds, running or waiting
     */
    public static Optional<Move> next(int[] consumers, int[] held) {
        int[] wanted = wanted(consumers, held);
        int from = 0;
        int to = 0;
        for (int lane = 1; lane < WEIGHTS.length; lane++) {
            from = consumers[lane] - wanted[lane] > consumers[from] - wanted[from] ? lane : from;
            to = wanted[lane] - consumers[lane] > wanted[to] - consumers[to] ? lane : to;
        }
        boolean due = consumers[from] > wanted[from] && wanted[to] > consumers[to];
        return due ? Optional.of(new Move(from, to)) : Optional.empty();
    }

    /**
     * A lane that is not saturated keeps what it uses; the others share the rest by weight, none
     * below one.
     */
    private static int[] wanted(int[] consumers, int[] held) {
        int budget = IntStream.of(consumers).sum();
        int[] wanted = new int[WEIGHTS.length];
        int weights = 0;
        for (int lane = 0; lane < WEIGHTS.length; lane++) {
            if (held[lane] >= consumers[lane]) {
                weights += WEIGHTS[lane];
            } else {
                wanted[lane] = Math.max(1, held[lane]);
                budget -= wanted[lane];
            }
        }
        if (weights == 0) {
            return consumers.clone();
        }
        int left = budget;
        int last = 0;
        for (int lane = 0; lane < WEIGHTS.length; lane++) {
            if (held[lane] >= consumers[lane]) {
                wanted[lane] = Math.max(1, budget * WEIGHTS[lane] / weights);
                left -= wanted[lane];
                last = lane;
            }
        }
        wanted[last] = Math.max(1, wanted[last] + left);
        return wanted;
    }

    /**
     * Which waiting lane a free slot takes from: the one that is furthest behind its weight.
     *
     * @param started messages that each lane has started so far, halved now and then
     * @param waiting messages that wait in each lane
     * @return -1 if nothing waits
     */
    public static int pick(long[] started, int[] waiting) {
        int best = -1;
        for (int lane = 0; lane < WEIGHTS.length; lane++) {
            if (waiting[lane] > 0
                    && (best < 0
                            || started[lane] * WEIGHTS[best] < started[best] * WEIGHTS[lane])) {
                best = lane;
            }
        }
        return best;
    }

    /**
     * How much of its weight a lane has used when it starts a message: lanes are compared by it.
     *
     * @param started messages that the lane has started so far
     */
    static double used(int lane, long started) {
        return started / (double) WEIGHTS[lane];
    }

    /**
     * What a lane that was empty counts as started, now that something arrives in it: it saves up
     * no turns while it needs none, as in start-time fair queueing (Goyal, Vin, Cheng: IEEE/ACM
     * Transactions on Networking 5, 1997). Otherwise a lane that was idle for long would go before
     * every higher one until it had caught up.
     *
     * @param started messages that the lane has started so far
     * @param used what the lane that started last had used of its weight then
     */
    static long rejoin(int lane, long started, double used) {
        return Math.max(started, (long) Math.ceil(used * WEIGHTS[lane]));
    }
}
