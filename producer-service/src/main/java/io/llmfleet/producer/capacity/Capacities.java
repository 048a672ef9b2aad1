package io.llmfleet.producer.capacity;

import io.llmfleet.capacity.ServiceTime;
import io.llmfleet.capacity.WaitingLine;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says how busy pools are and how long tasks wait in them, measured and by the model, and what
 * would be if. All of it is read from the store and heard from workers, so every replica says the
 * same.
 */
public final class Capacities {

    private final TrafficSource source;
    private final Workers workers;

    Capacities(TrafficSource source, Workers workers) {
        this.source = source;
        this.workers = workers;
    }

    /** Of each pool that has live workers or had tasks; a moment old at most. */
    public List<PoolLoad> now(Duration window) {
        List<Traffic> traffic = source.read(window);
        List<WorkerInfo> live = workers.live();
        List<PoolLoad> loads = new ArrayList<>();
        for (String pool : pools(traffic, live)) {
            List<WorkerInfo> own = of(pool, live);
            List<Traffic> classes =
                    traffic.stream()
                            .filter(t -> t.pool().equals(pool) && t.priority() != null)
                            .toList();
            double seconds = window.toMillis() / 1000.0;
            loads.add(
                    LoadPolicy.load(
                            whole(pool, traffic), classes, own.size(), slots(own), seconds));
        }
        return loads;
    }

    /**
     * @throws UnknownCapacityException naming what has to be said because nothing is known of it
     */
    public Forecast whatIf(Question question, Duration window) {
        List<WorkerInfo> own = of(question.pool(), workers.live());
        Traffic traffic = whole(question.pool(), source.read(window));
        int perWorker = own.isEmpty() ? 1 : Math.max(1, slots(own) / own.size());
        Double rate = question.rate();
        WaitingLine line =
                new WaitingLine(
                        rate == null ? traffic.arrived() * 1000.0 / window.toMillis() : rate,
                        slots(question, own, perWorker),
                        service(question, LoadPolicy.service(traffic)));
        return Forecast.of(question.pool(), line, question.longestWait(), perWorker);
    }

    private static int slots(Question question, List<WorkerInfo> own, int perWorker) {
        Integer asked = question.slots();
        Integer workers = question.workers();
        if (asked == null && workers == null && own.isEmpty()) {
            throw new UnknownCapacityException("slots", "the pool has no live worker");
        }
        return asked != null ? asked : workers != null ? workers * perWorker : slots(own);
    }

    private static ServiceTime service(Question question, @Nullable ServiceTime measured) {
        Double mean = question.serviceTime();
        if (mean == null && measured == null) {
            throw new UnknownCapacityException("serviceTime", "no task has ended lately");
        }
        Double variation = question.variation();
        double cv2 =
                variation != null ? variation * variation : measured == null ? 1 : measured.cv2();
        return new ServiceTime(mean != null ? mean : Objects.requireNonNull(measured).mean(), cv2);
    }

    private static List<String> pools(List<Traffic> traffic, List<WorkerInfo> live) {
        return Stream.concat(
                        live.stream().map(WorkerInfo::pool), traffic.stream().map(Traffic::pool))
                .distinct()
                .sorted()
                .toList();
    }

    private static Traffic whole(String pool, List<Traffic> traffic) {
        return traffic.stream()
                .filter(t -> t.pool().equals(pool) && t.priority() == null)
                .findFirst()
                .orElse(new Traffic(pool, null, 0, 0, 0, 0, 0, 0, null, null, null, null, null));
    }

    private static List<WorkerInfo> of(String pool, List<WorkerInfo> live) {
        return live.stream().filter(w -> w.pool().equals(pool)).toList();
    }

    private static int slots(List<WorkerInfo> workers) {
        return workers.stream().mapToInt(WorkerInfo::slots).sum();
    }
}
