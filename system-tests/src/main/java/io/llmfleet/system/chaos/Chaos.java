package io.llmfleet.system.chaos;

import io.llmfleet.cli.FleetException;
import io.llmfleet.system.chaos.check.Checker;
import io.llmfleet.system.chaos.check.Observation;
import io.llmfleet.system.chaos.check.Sights;
import io.llmfleet.system.chaos.check.Verdict;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.FleetUnderTest;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.load.AmqpClient;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs cases one after the other; cases with the same plan share a fleet. */
public final class Chaos implements AutoCloseable {

    private final Path root;
    private final String broker;
    private final long seed;
    private final Consumer<String> progress;
    private @Nullable FleetUnderTest fleet;
    private @Nullable FleetPlan plan;
    private String tenantKey = "";

    /**
     * @param root of the project
     * @param broker {@code local} or {@code docker}
     * @param seed decides everything that is random
     */
    public Chaos(Path root, String broker, long seed, Consumer<String> progress) {
        this.root = root;
        this.broker = broker;
        this.seed = seed;
        this.progress = progress;
    }

    public ChaosReport run(List<? extends ChaosCase> cases) {
        List<CaseReport> reports = new ArrayList<>();
        for (ChaosCase next : cases) {
            CaseReport report = run(next);
            progress.accept(ChaosText.line(report));
            reports.add(report);
        }
        return ChaosReport.of(broker, seed, reports);
    }

    public CaseReport run(ChaosCase next) {
        progress.accept(next.name() + ": " + next.fault());
        FleetUnderTest under = fleetFor(next.plan());
        long start = System.nanoTime();
        ChaosRun run = new ChaosRun(under, next.name(), tenantKey, new Random(seed));
        List<String> broken = new ArrayList<>();
        try {
            next.run(run);
        } catch (FleetException e) {
            broken.add(String.valueOf(e.getMessage()));
        } catch (Exception e) {
            broken.add("the case itself failed: " + e);
        }
        Verdict verdict = verdict(next, run);
        broken.addAll(verdict.broken());
        broken.addAll(run.broken());
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!broken.isEmpty()) {
            // What is broken may not be repaired: the next case gets a fleet of its own.
            keepLogs(next.name(), under);
            close();
        }
        return new CaseReport(
                next.name(), next.fault(), seconds, verdict.counters(), broken, run.notes());
    }

    private Verdict verdict(ChaosCase done, ChaosRun run) {
        run.fleet().backend().heal();
        run.fleet().heal();
        run.observer().drain(done.drain());
        Observation seen = Sights.of(run.observer(), run.ledger(), run.fleet(), run.tap());
        run.note(seen.extent());
        Verdict verdict =
                Checker.check(seen.with(run.disturbance(), run.longestRecovery()), done.promise());
        run.observer().discardLetters();
        run.close();
        return verdict;
    }

    private synchronized FleetUnderTest fleetFor(FleetPlan wanted) {
        FleetUnderTest known = fleet;
        if (known != null && wanted.equals(plan)) {
            return known;
        }
        close();
        FleetUnderTest made = new FleetUnderTest(root, folder(), wanted, broker, progress);
        fleet = made;
        plan = wanted;
        made.start();
        tenantKey = key(new Rest(made.producerUrls(), made.adminKey()));
        return made;
    }

    private static String key(Rest admin) {
        var wanted =
                Json.MAPPER.createObjectNode().put("name", "chaos").put("tenant", AmqpClient.USER);
        return admin.post("/keys", wanted).json().path("key").asString("");
    }

    private void keepLogs(String name, FleetUnderTest under) {
        Path kept = Path.of(System.getProperty("java.io.tmpdir"), "fleet-chaos-logs", name);
        under.keepLogs(kept);
        progress.accept("logs of the fleet: " + kept);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("fleet-chaos");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        FleetUnderTest known = fleet;
        fleet = null;
        plan = null;
        if (known != null) {
            known.close();
        }
    }
}
