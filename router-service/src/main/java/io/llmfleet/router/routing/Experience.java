package io.llmfleet.router.routing;

import io.llmfleet.choice.Candidate;
import io.llmfleet.choice.Context;
import io.llmfleet.choice.Estimate;
import io.llmfleet.choice.Estimates;
import io.llmfleet.choice.Learning;
import io.llmfleet.choice.Outcome;
import io.llmfleet.model.FailureCode;
import io.llmfleet.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of tasks that were routed, as the event stream tells it: estimates of each candidate,
 * and how many tasks each pool has.
 *
 * <p>I1: a task counts for its pool from its routing until it ended, and no longer than {@link
 * #FORGOTTEN}. I2: at most {@value #CAPACITY} tasks are remembered, the latest. I3: every access
 * holds the lock. Events of two services may come in either order; an end that comes first waits
 * for its beginning.
 */
public final class Experience {

    private static final int CAPACITY = 50_000;
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    /** Failures that say something of who did it; all others could have happened anywhere. */
    private static final Set<FailureCode> ITS_OWN =
            Set.of(
                    FailureCode.UNSUPPORTED,
                    FailureCode.BACKEND_UNAUTHORIZED,
                    FailureCode.BACKEND_REFUSED,
                    FailureCode.RATE_LIMITED,
                    FailureCode.BACKEND_UNAVAILABLE,
                    FailureCode.BACKEND_ERROR,
                    FailureCode.CALL_TIMEOUT,
                    FailureCode.OUTPUT_INVALID);

    private final Map<UUID, Trip> trips = new LinkedHashMap<>();
    private final Map<String, Integer> inFlight = new HashMap<>();
    private Learning learning;
    private Estimates estimates;

    /** A task on its way, or one whose end was heard at {@code at}. */
    private record Trip(
            boolean ended,
            Instant at,
            String pool,
            @Nullable String candidate,
            @Nullable Context context,
            @Nullable Outcome outcome) {}

    public Experience(Learning learning) {
        this.learning = learning;
        this.estimates = new Estimates(learning);
    }

    /** Begins anew where memory or half-life are others; other weights need nothing new. */
    public synchronized void learnBy(Learning other) {
        if (!other.halfLife().equals(learning.halfLife()) || other.memory() != learning.memory()) {
            estimates = new Estimates(other);
        }
        learning = other;
    }

    public void heard(Event event) {
        switch (event.kind()) {
            case Event.ROUTED -> {
                if (event.pool() != null && event.size() != null) {
                    Candidate to = new Candidate(event.pool(), event.model(), 1, 0);
                    Context context = Context.of(event.type(), event.size());
                    routed(event.taskId(), to, context, event.at());
                }
            }
            case Event.RETRYING, Event.FINAL -> ended(event.taskId(), outcome(event), event.at());
            default -> {}
        }
    }

    synchronized void routed(UUID task, Candidate to, Context context, Instant at) {
        Trip known = trips.get(task);
        if (known != null && known.ended() && !known.at().isBefore(at)) {
            learn(to.name(), context, known.outcome(), known.at());
            return;
        }
        forget(task);
        trips.put(task, new Trip(false, at, to.pool(), to.name(), context, null));
        inFlight.merge(to.pool(), 1, Integer::sum);
        forgetOld(at);
    }

    private synchronized void ended(UUID task, @Nullable Outcome outcome, Instant at) {
        Trip known = trips.get(task);
        if (known != null && known.ended()) {
            return;
        }
        if (known != null) {
            learn(known.candidate(), known.context(), outcome, at);
        }
        forget(task);
        // What was learned from is not learned from again when its beginning is heard late.
        trips.put(task, new Trip(true, at, "", null, null, known == null ? outcome : null));
        forgetOld(at);
    }

    public synchronized Estimate of(Context context, Candidate candidate, Instant now) {
        return estimates.of(context, candidate.name(), now);
    }

    public synchronized int inFlight(String pool) {
        return inFlight.getOrDefault(pool, 0);
    }

    private void learn(
            @Nullable String candidate,
            @Nullable Context context,
            @Nullable Outcome outcome,
            Instant at) {
        if (candidate != null && context != null && outcome != null) {
            estimates.add(context, candidate, outcome, at);
        }
    }

    private void forget(UUID task) {
        leave(trips.remove(task));
    }

    private void leave(@Nullable Trip trip) {
        if (trip != null && !trip.ended()) {
            inFlight.merge(trip.pool(), -1, Integer::sum);
        }
    }

    private void forgetOld(Instant now) {
        Instant limit = now.minus(FORGOTTEN);
        Iterator<Trip> oldest = trips.values().iterator();
        while (oldest.hasNext()) {
            Trip trip = oldest.next();
            if (trips.size() <= CAPACITY && !trip.at().isBefore(limit)) {
                return;
            }
            oldest.remove();
            leave(trip);
        }
    }

    /** Null where nothing can be learned from it: a cancel, a deadline, a wrong input. */
    private static @Nullable Outcome outcome(Event event) {
        if ("SUCCEEDED".equals(event.state())) {
            Double millis = event.callMillis() == null ? null : event.callMillis().doubleValue();
            return new Outcome(true, millis, cost(event));
        }
        boolean itsOwn = ITS_OWN.stream().anyMatch(code -> code.name().equals(event.code()));
        return itsOwn ? new Outcome(false, null, cost(event)) : null;
    }

    private static @Nullable Double cost(Event event) {
        return event.cost() == null ? null : event.cost().doubleValue();
    }
}
