package io.llmfleet.producer.limit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests against the store's window, which all replicas share: one by one for a small
 * limit, for a large one in blocks that are good until the minute ends.
 *
 * <p>I1: what all replicas grant within a minute is never more than the limit, as everything that
 * is granted was taken out of the window first; a block that is not used up is lost. I2: a minute
 * that is used up is remembered, so who asks too often costs the store nothing. I3: requests of an
 * owner ask the store one after another; if it is away those in line hear so at once.
 */
final class RequestLeases {

    private static final long EXACT_UP_TO = 600;
    private static final int MOST = 10_000;
    private static final long AWAY = Duration.ofSeconds(1).toNanos();

    /** What the store gives: nothing, or between what was asked for at least and at most. */
    record Grant(long granted, long used, Duration left) {}

    /** The window that all replicas share. */
    @FunctionalInterface
    interface Store {
        Grant take(String owner, long atLeast, long atMost, long limit);
    }

    /** Whether a request may pass, and what is left. */
    record Verdict(boolean granted, Window window) {}

    private final Map<String, Lease> leases = new ConcurrentHashMap<>();
    private final Store store;
    private final LongSupplier nanoTime;

    RequestLeases(Store store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
    }

    Verdict take(String owner, long limit) {
        if (leases.size() >= MOST) {
            leases.clear();
        }
        return leases.computeIfAbsent(owner, o -> new Lease()).take(owner, limit);
    }

    /**
     * How many are taken at once: so few that what replicas may lose is a matter of one percent.
     */
    static long block(long limit) {
        return Math.max(1, limit / EXACT_UP_TO);
    }

    private final class Lease {
        private long limit;
        private long used;
        private long left;
        private long endsAt;
        private boolean known;
        private @Nullable RuntimeException failure;
        private long failedAt;

        synchronized Verdict take(String owner, long wanted) {
            long now = nanoTime.getAsLong();
            if (!known || limit != wanted || now - endsAt >= 0) {
                left = 0;
                limit = wanted;
                known = false;
            }
            if (left == 0 && !(known && used >= limit)) {
                fill(owner, now);
            }
            boolean granted = left > 0;
            left = granted ? left - 1 : 0;
            return new Verdict(
                    granted, new Window(limit, used - left, Duration.ofNanos(endsAt - now)));
        }

        /** The minute ends here no later than in the store, whose answer took a while. */
        private void fill(String owner, long now) {
            if (failure != null && now - failedAt < AWAY) {
                throw failure;
            }
            Grant grant = ask(owner);
            left = grant.granted();
            used = grant.used();
            endsAt = now + grant.left().toNanos();
            known = true;
        }

        private Grant ask(String owner) {
            try {
                Grant grant = store.take(owner, 1, block(limit), limit);
                failure = null;
                return grant;
            } catch (RuntimeException e) {
                failure = e;
                failedAt = nanoTime.getAsLong();
                throw e;
            }
        }
    }
}
