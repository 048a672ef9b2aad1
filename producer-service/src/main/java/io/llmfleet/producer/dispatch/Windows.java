package io.llmfleet.producer.dispatch;

import io.llmfleet.model.Priority;
import io.llmfleet.producer.task.LaneLook;
import io.llmfleet.producer.task.LaneLooks.Look;
import io.llmfleet.producer.task.LaneLooks.Untaken;
import io.llmfleet.producer.task.OpenTasks.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Learns from one look at the store after the other how fast each line is worked on, and says what
 * each lane may have in the broker; used by one thread.
 *
 * <p>All it learns comes from the store, so every replica learns the same.
 */
final class Windows {

    /** Tasks that wait for the same workers, as far as the dispatch can know. */
    record Line(Priority priority, String target) {

        static Line of(Lane lane) {
            return new Line(lane.priority(), lane.target());
        }
    }

    /**
     * What is allowed until the next look.
     *
     * @param lanes how many tasks of each may be in the broker
     * @param newcomers the same of a tenant that has none, by line
     * @param elsewhere the same in a line that nobody has used yet
     */
    record Allowed(Map<Lane, Long> lanes, Map<Line, Long> newcomers, long elsewhere) {

        long of(Lane lane) {
            Long known = lanes.get(lane);
            return known != null ? known : newcomers.getOrDefault(Line.of(lane), elsewhere);
        }
    }

    /** How many more tasks of a lane may go to the broker now, and wait for it. */
    record Room(Lane lane, long tasks) {}

    private final Duration ahead;
    private final int most;
    private final Supplier<FleetWorkers> workers;
    private final Map<Line, Pace> lines = new HashMap<>();
    private final Set<Line> full = new HashSet<>();
    private Map<Lane, Pace> paces = new HashMap<>();
    private Map<Lane, Long> before = new HashMap<>();
    private final Patience patience = new Patience();
    private Instant lastAt = Instant.EPOCH;

    /**
     * @param ahead for how long the workers should have work in the broker; zero for windows that
     *     are as wide as they may be
     * @param most tasks of a lane in the broker
     */
    Windows(Duration ahead, int most, Supplier<FleetWorkers> workers) {
        this.ahead = ahead;
        this.most = most;
        this.workers = workers;
    }

    /** The time of the last look; the next one tells what is still there. */
    Instant lastAt() {
        return lastAt;
    }

    /** What counts no longer as in line. */
    Untaken untaken() {
        return new Untaken(patience.ofTargets(), Patience.LEAST, workers.get().pools());
    }

    /** Learns from a look. */
    Allowed learn(Look look) {
        Map<Line, List<LaneLook>> byLine =
                look.lanes().stream()
                        .collect(
                                Collectors.groupingBy(
                                        l -> Line.of(l.lane()),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        double seconds = Duration.between(lastAt, look.at()).toMillis() / 1_000.0;
        if (!lastAt.equals(Instant.EPOCH) && seconds > 0) {
            learn(look, byLine, seconds);
            patience.learn(look.lanes(), seconds);
        }
        lastAt = look.at();
        full.clear();
        before = new HashMap<>();
        look.lanes().forEach(l -> before.put(l.lane(), l.inBroker()));
        return allowed(byLine);
    }

    /**
     * How many tasks of each lane to claim now.
     *
     * @param allowed what came of the same look
     */
    List<Room> rooms(Look look, Allowed allowed) {
        List<Room> rooms = new ArrayList<>();
        for (LaneLook lane : look.lanes()) {
            long part = allowed.lanes().getOrDefault(lane.lane(), 0L);
            long room = part - lane.inLine();
            if (lane.waiting() > room) {
                full.add(Line.of(lane.lane()));
            }
            if (Math.min(room, lane.waiting()) > 0) {
                rooms.add(new Room(lane.lane(), Math.min(room, lane.waiting())));
            }
        }
        return rooms;
    }

    /** What was claimed after the last look. */
    void claimed(Lane lane, long tasks) {
        before.merge(lane, tasks, Long::sum);
    }

    /** Of a line that nobody has used yet. */
    long ofUnused() {
        return ahead.isZero() ? most : window(Pace.UNKNOWN);
    }

    private void learn(Look look, Map<Line, List<LaneLook>> byLine, double seconds) {
        Map<Lane, LaneLook> seen =
                look.lanes().stream().collect(Collectors.toMap(LaneLook::lane, l -> l));
        Map<Lane, Pace> next = new HashMap<>();
        Map<Line, Long> finals = new HashMap<>();
        before.forEach(
                (lane, known) -> {
                    LaneLook now = seen.get(lane);
                    long done = Math.max(0, known - (now == null ? 0 : now.stayed()));
                    finals.merge(Line.of(lane), done, Long::sum);
                    if (now != null) {
                        next.put(lane, pace(now).after(done, now.running(), seconds, true));
                    }
                });
        paces = next;
        finals.forEach(
                (line, done) -> learn(line, done, byLine.getOrDefault(line, List.of()), seconds));
    }

    /** Tasks that nobody takes tell nothing of what the workers can do. */
    private void learn(Line line, long done, List<LaneLook> lanes, double seconds) {
        long running = lanes.stream().mapToLong(LaneLook::running).sum();
        boolean untaken = lanes.stream().anyMatch(l -> l.untaken() > 0);
        boolean saturated = full.contains(line) && !untaken && done + running > 0;
        Pace pace = lines.getOrDefault(line, Pace.UNKNOWN);
        lines.put(line, pace.after(done, running, seconds, saturated));
    }

    private Allowed allowed(Map<Line, List<LaneLook>> byLine) {
        Map<Lane, Long> lanes = new HashMap<>();
        if (ahead.isZero()) {
            byLine.values().forEach(all -> all.forEach(l -> lanes.put(l.lane(), most(l))));
            return new Allowed(lanes, Map.of(), most);
        }
        Map<Line, Long> newcomers = new HashMap<>();
        lines.forEach((line, pace) -> newcomers.put(line, FairWindow.ofNewcomer(0, window(pace))));
        byLine.forEach(
                (line, all) -> {
                    long window = window(lines.getOrDefault(line, Pace.UNKNOWN));
                    lanes.putAll(FairWindow.parts(all, window, this::pace, ahead));
                    all.forEach(l -> lanes.merge(l.lane(), most(l), Math::min));
                    long tenants = all.stream().map(l -> l.lane().tenant()).distinct().count();
                    newcomers.put(line, FairWindow.ofNewcomer(tenants, window));
                });
        return new Allowed(lanes, newcomers, ofUnused());
    }

    /** Of a lane in line, so that there are not more in the broker than there may be. */
    private long most(LaneLook lane) {
        return most - (lane.inBroker() - lane.inLine());
    }

    private long window(Pace pace) {
        return FairWindow.of(pace, workers.get().slots(), ahead);
    }

    private Pace pace(LaneLook lane) {
        return paces.getOrDefault(lane.lane(), Pace.UNKNOWN);
    }
}
