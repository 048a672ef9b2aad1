package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetUnderTest;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;
import java.util.List;

/** Everything at once: a steady load by all ways in, and all kinds of faults at random. */
final class Storm implements ChaosCase {

    private static final Duration ALARM = Duration.ofSeconds(8);
    private static final Duration DOWN = Duration.ofSeconds(2);

    private final Duration duration;

    Storm(Duration duration) {
        this.duration = duration;
    }

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public String fault() {
        return "all kinds of faults at random for " + duration.toMinutes() + " minutes";
    }

    @Override
    public Duration drain() {
        return Duration.ofMinutes(4);
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        long start = System.nanoTime();
        try (var _ = new SteadyLoad(run)) {
            for (StormPlan.Fault fault : StormPlan.of(run.random(), duration).faults()) {
                sleepUntil(start, fault.at());
                disturb(run, fault.kind());
            }
            sleepUntil(start, duration);
        }
        run.fleet().heal();
        run.recover(ChaosRun.INSTANT);
    }

    private static void disturb(ChaosRun run, StormPlan.Kind kind) {
        FleetUnderTest fleet = run.fleet();
        switch (kind) {
            case CUT -> any(run, fleet.all()).proxy().cutOne(run.random());
            case KILL_SERVICE -> {
                Replica replica = any(run, fleet.all());
                run.note("kill -9 " + replica.name());
                fleet.kill(replica);
                replica.start();
            }
            case STOP_SERVICE -> {
                Replica replica = any(run, fleet.all());
                run.note("stop and start " + replica.name());
                replica.terminate();
                replica.start();
            }
            case KILL_BROKER -> {
                fleet.killBroker();
                fleet.broker().start();
                awaitServices(fleet);
                run.note("kill -9 broker, answered again after " + run.recover(ChaosRun.INSTANT));
            }
            case KILL_DATABASE -> {
                fleet.killDatabase();
                Waits.pause(DOWN);
                fleet.startDatabase();
                run.note("kill -9 database, answered again after " + run.recover(ChaosRun.INSTANT));
            }
            case ALARM -> {
                fleet.raiseAlarm();
                Waits.pause(ALARM);
                fleet.clearAlarm();
                run.note("disk alarm, answered again after " + run.recover(ChaosRun.INSTANT));
            }
        }
    }

    /** One of each service is enough for an answer; a start takes its time on a busy machine. */
    private static void awaitServices(FleetUnderTest fleet) {
        for (Service service : Service.values()) {
            Waits.require(
                    "a " + service.word() + " runs",
                    Duration.ofMinutes(1),
                    () -> fleet.all(service).stream().anyMatch(Replica::running));
        }
    }

    private static Replica any(ChaosRun run, List<Replica> all) {
        return all.get(run.random().nextInt(all.size()));
    }

    private static void sleepUntil(long start, Duration at) {
        long left = at.toNanos() - (System.nanoTime() - start);
        if (left > 0) {
            Waits.pause(Duration.ofNanos(left));
        }
    }
}
