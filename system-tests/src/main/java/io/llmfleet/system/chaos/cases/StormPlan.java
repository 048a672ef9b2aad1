package io.llmfleet.system.chaos.cases;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Which fault comes when, decided by the seed alone: in every ten minutes at least five kills of
 * the broker, ten of services and a hundred cut connections.
 */
record StormPlan(List<Fault> faults) {

    private static final Duration EVERY_CUT = Duration.ofMillis(4_500);
    private static final Duration EVERY_SERVICE_KILL = Duration.ofSeconds(45);
    private static final Duration EVERY_BROKER_KILL = Duration.ofSeconds(90);
    private static final Duration EVERY_STOP = Duration.ofSeconds(110);
    private static final Duration EVERY_DATABASE_KILL = Duration.ofSeconds(200);
    private static final Duration EVERY_ALARM = Duration.ofSeconds(170);

    /** What is done. */
    enum Kind {
        CUT,
        KILL_SERVICE,
        STOP_SERVICE,
        KILL_BROKER,
        KILL_DATABASE,
        ALARM
    }

    /** One fault at its time from the start. */
    record Fault(Duration at, Kind kind) {}

    static StormPlan of(Random random, Duration duration) {
        List<Fault> faults = new ArrayList<>();
        add(faults, random, duration, Kind.CUT, EVERY_CUT);
        add(faults, random, duration, Kind.KILL_SERVICE, EVERY_SERVICE_KILL);
        add(faults, random, duration, Kind.STOP_SERVICE, EVERY_STOP);
        add(faults, random, duration, Kind.KILL_BROKER, EVERY_BROKER_KILL);
        add(faults, random, duration, Kind.KILL_DATABASE, EVERY_DATABASE_KILL);
        add(faults, random, duration, Kind.ALARM, EVERY_ALARM);
        faults.sort(Comparator.comparing(Fault::at));
        return new StormPlan(List.copyOf(faults));
    }

    /** One in each interval, at any time of it. */
    private static void add(
            List<Fault> faults, Random random, Duration duration, Kind kind, Duration every) {
        for (Duration from = Duration.ZERO;
                from.plus(every).compareTo(duration) <= 0;
                from = from.plus(every)) {
            faults.add(new Fault(from.plusMillis(random.nextLong(every.toMillis())), kind));
        }
    }

    long count(Kind kind) {
        return faults.stream().filter(f -> f.kind() == kind).count();
    }
}
