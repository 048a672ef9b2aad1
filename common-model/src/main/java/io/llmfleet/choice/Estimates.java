package io.llmfleet.choice;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was learned of each candidate, for each context and over all of them; an estimate for a
 * context begins as that over all.
 *
 * <p>I1: at most {@value #CAPACITY} pairs are kept, those that were used last. I2: every access
 * holds the lock.
 */
public final class Estimates {

    private static final int CAPACITY = 10_000;

    /** How many attempts what is known beforehand stands for. */
    private static final double PRIOR_ATTEMPTS = 3;

    /** A candidate that nobody has tried is thought well of, so that it is tried. */
    private static final Estimate UNTRIED = new Estimate(0, 0.95, null, null);

    private static final Context ALL = new Context("", -1);

    private final Learning learning;
    private final Map<Key, Decayed> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Decayed> eldest) {
                    return size() > CAPACITY;
                }
            };

    private record Key(Context context, String candidate) {}

    public Estimates(Learning learning) {
        this.learning = learning;
    }

    /**
     * @param candidate its {@link Candidate#name()}
     */
    public synchronized void add(Context context, String candidate, Outcome outcome, Instant at) {
        sums(context, candidate, at).add(outcome, at, learning);
        sums(ALL, candidate, at).add(outcome, at, learning);
    }

    public synchronized Estimate of(Context context, String candidate, Instant now) {
        Estimate overall = estimate(ALL, candidate, UNTRIED, 1, now);
        double prior = Math.min(PRIOR_ATTEMPTS, 1 + overall.attempts());
        return estimate(context, candidate, overall, prior, now);
    }

    private Estimate estimate(
            Context context, String candidate, Estimate prior, double attempts, Instant now) {
        Decayed sums = known.get(new Key(context, candidate));
        return sums == null
                ? new Estimate(0, prior.success(), prior.millis(), prior.cost())
                : sums.estimate(prior, attempts, now, learning);
    }

    private Decayed sums(Context context, String candidate, Instant at) {
        return known.computeIfAbsent(new Key(context, candidate), _ -> new Decayed(at));
    }
}
