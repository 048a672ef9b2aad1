package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * S8: one tenant floods a pool, another one sends a task now and then to the same pool and under
 * the same priority; its waits stay near what they are alone, and all slots stay busy.
 */
final class TenantFloods implements ChaosCase {

    private static final Duration CALL = Duration.ofSeconds(1);
    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final Duration BEGINNING = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int BULK = 1_000;
    private static final int OTHERS = 40;
    private static final double GROWTH = 2.0;

    /** An answer takes a little longer than its call. */
    private static final double BUSY = 0.85;

    private final int flood;

    TenantFloods(int flood) {
        this.flood = flood;
    }

    @Override
    public String name() {
        return "S8";
    }

    @Override
    public String fault() {
        return "one tenant floods a pool with " + flood + " tasks, another one sends two a second";
    }

    @Override
    public Duration drain() {
        return Duration.ofMinutes(5);
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        HttpBackend backend = run.fleet().backend();
        backend.behave(call -> Behaviour.after(CALL));
        Duration alone = waits(run);
        for (int sent = 0; sent < flood; sent += BULK) {
            run.rest().bulk(Math.min(BULK, flood - sent), HttpBackend.MODEL);
        }
        Waits.pause(BEGINNING);
        Instant from = Instant.now();
        Duration beside = waits(run);
        double busy = busy(run, from, Instant.now());
        run.note(
                String.format(
                        Locale.ROOT,
                        "p95 of the other tenant: %d ms alone, %d ms beside the flood; slots busy: %.2f",
                        alone.toMillis(),
                        beside.toMillis(),
                        busy));
        run.require(
                beside.toMillis() < GROWTH * alone.toMillis(),
                "the other tenant's p95 grows less than twofold");
        run.require(busy > BUSY, "the flood gets all slots that the other tenant leaves");
        backend.heal();
    }

    /** The other tenant's 95th percentile, from the acceptance to the end. */
    private static Duration waits(ChaosRun run) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            keys.add(run.otherRest().submit(HttpBackend.MODEL));
            Waits.pause(BETWEEN);
        }
        run.requireWithin(
                LIMIT,
                "the other tenant's tasks succeed",
                () -> keys.stream().allMatch(key -> ended(task(run, key))));
        List<Duration> waits =
                keys.stream().map(key -> task(run, key)).map(TenantFloods::took).sorted().toList();
        return waits.get((int) Math.ceil(waits.size() * 0.95) - 1);
    }

    private static JsonNode task(ChaosRun run, String key) {
        return run.otherApi().get("/tasks/" + run.id(key)).json();
    }

    private static boolean ended(JsonNode task) {
        return task.path("state").asString("").equals("SUCCEEDED");
    }

    private static Duration took(JsonNode task) {
        Instant created = Instant.parse(task.path("createdAt").asString());
        return ended(task)
                ? Duration.between(
                        created, Instant.parse(task.path("times").path("finishedAt").asString()))
                : Duration.between(created, Instant.now());
    }

    /** The share of the slots' time that calls took. */
    private static double busy(ChaosRun run, Instant from, Instant to) {
        long millis =
                run.fleet().backend().calls().stream()
                        .mapToLong(
                                call -> {
                                    Instant end = call.endedAt() == null ? to : call.endedAt();
                                    Instant begin = call.at().isBefore(from) ? from : call.at();
                                    Instant last = end.isAfter(to) ? to : end;
                                    return Math.max(0, Duration.between(begin, last).toMillis());
                                })
                        .sum();
        return millis / (double) (Duration.between(from, to).toMillis() * run.fleet().slots());
    }
}
