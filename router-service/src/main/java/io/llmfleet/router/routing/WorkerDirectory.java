package io.llmfleet.router.routing;

import io.llmfleet.wire.WorkerInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who works where, as announced on the event stream; rebuilt from nothing within seconds of a
 * start.
 */
public final class WorkerDirectory {

    private static final Duration SNAPSHOT_AGE = Duration.ofMillis(250);

    private final Map<String, WorkerInfo> byName = new ConcurrentHashMap<>();
    private final RoutingProperties properties;
    private final Clock clock;
    private final Map<String, Instant> models = new ConcurrentHashMap<>();
    private volatile Instant warmFrom;
    private volatile Instant lastHeard;
    private volatile Knowledge snapshot;

    public WorkerDirectory(RoutingProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
        this.warmFrom = clock.instant();
        this.lastHeard = warmFrom;
        this.snapshot = new Knowledge(List.of(), true, warmFrom);
    }

    /** Takes an announcement; an older one than the last is ignored. */
    public void heard(WorkerInfo worker) {
        Instant now = clock.instant();
        if (Duration.between(lastHeard, now).compareTo(properties.silence()) > 0) {
            // The broker was away: the others' announcements are still to come.
            warmFrom = now;
        }
        lastHeard = now;
        worker.models().forEach(model -> models.put(model, now));
        byName.merge(
                worker.worker(),
                worker,
                (known, said) -> said.at().isBefore(known.at()) ? known : said);
        snapshot = look(now);
    }

    /** What is known now; the list of workers may be a quarter of a second old. */
    public Knowledge known() {
        Instant now = clock.instant();
        Knowledge last = snapshot;
        if (Duration.between(last.now(), now).compareTo(SNAPSHOT_AGE) > 0) {
            last = look(now);
            snapshot = last;
        }
        return last;
    }

    private Knowledge look(Instant now) {
        Instant limit = now.minus(properties.silence());
        byName.values().removeIf(w -> w.at().isBefore(limit));
        List<WorkerInfo> live = byName.values().stream().filter(w -> !w.leaving()).toList();
        Instant forgotten = now.minus(properties.workerWait());
        models.values().removeIf(heard -> heard.isBefore(forgotten));
        boolean warmingUp = now.isBefore(warmFrom.plus(properties.warmUp()));
        return new Knowledge(live, warmingUp, now, Set.copyOf(models.keySet()));
    }
}
