package io.llmfleet.producer.event;

import io.llmfleet.model.Names;
import io.llmfleet.producer.task.Targets;
import io.llmfleet.wire.WorkerInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes for a target what is configured and every model that a worker offered lately; while none
 * was heard at all, every name.
 *
 * <p>A model is remembered for a while after its last worker was heard, so a restart of that worker
 * refuses nobody.
 */
final class KnownTargets implements Targets {

    private static final Duration MEMORY = Duration.ofHours(1);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Workers workers;
    private final Set<String> configured;
    private final Clock clock;
    private final Map<String, Instant> models = new ConcurrentHashMap<>();
    private volatile Instant lookedAt = Instant.MIN;

    /**
     * @param configured pools, and names that the router's rules know
     */
    KnownTargets(Workers workers, Collection<String> configured, Clock clock) {
        this.workers = workers;
        this.configured = Set.copyOf(configured);
        this.clock = clock;
    }

    @Override
    public boolean accepts(String target) {
        if (target.equals(Names.ANY) || configured.contains(target)) {
            return true;
        }
        look();
        return models.isEmpty() || models.containsKey(target);
    }

    @Override
    public Collection<String> accepted() {
        look();
        TreeSet<String> all = new TreeSet<>(configured);
        all.add(Names.ANY);
        all.addAll(models.keySet());
        return all;
    }

    private void look() {
        Instant now = clock.instant();
        if (Duration.between(lookedAt, now).compareTo(LOOK) < 0) {
            return;
        }
        lookedAt = now;
        for (WorkerInfo worker : workers.live()) {
            worker.models().forEach(model -> models.put(model, now));
        }
        models.values().removeIf(seen -> seen.isBefore(now.minus(MEMORY)));
    }
}
