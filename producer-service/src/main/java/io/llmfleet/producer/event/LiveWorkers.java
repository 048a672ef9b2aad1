package io.llmfleet.producer.event;

import io.llmfleet.producer.dispatch.FleetWorkers;
import io.llmfleet.wire.WorkerInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The workers that were heard lately. */
final class LiveWorkers implements Workers {

    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Map<String, WorkerInfo> byName = new ConcurrentHashMap<>();
    private final Clock clock;

    LiveWorkers(Clock clock) {
        this.clock = clock;
    }

    void heard(WorkerInfo worker) {
        byName.merge(
                worker.worker(),
                worker,
                (known, said) -> said.at().isBefore(known.at()) ? known : said);
    }

    @Override
    public List<WorkerInfo> live() {
        Instant limit = clock.instant().minus(SILENCE);
        byName.values().removeIf(w -> w.at().isBefore(limit));
        return byName.values().stream()
                .filter(w -> !w.leaving())
                .sorted(Comparator.comparing(WorkerInfo::pool).thenComparing(WorkerInfo::worker))
                .toList();
    }

    /** All of them at once. */
    FleetWorkers sum() {
        List<WorkerInfo> live = live();
        return new FleetWorkers(
                live.stream().mapToInt(WorkerInfo::slots).sum(),
                live.stream().map(WorkerInfo::pool).collect(Collectors.toSet()));
    }
}
