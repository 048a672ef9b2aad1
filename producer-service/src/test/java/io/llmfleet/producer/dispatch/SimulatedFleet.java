package io.llmfleet.producer.dispatch;

import io.llmfleet.model.Priority;
import io.llmfleet.producer.dispatch.Windows.Allowed;
import io.llmfleet.producer.task.LaneLook;
import io.llmfleet.producer.task.LaneLooks.Look;
import io.llmfleet.producer.task.OpenTasks.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * A fleet in steps of 10 ms: tenants send to one target, windows are filled every 50 ms, each pool
 * is first come, first served, and the store hears of what runs 200 ms later.
 */
final class SimulatedFleet {

    private static final int STEP = 10;
    private static final int LOOK = 50;
    private static final int NEWS = 200;
    private static final int COUNTED = 1_000;

    private final Windows windows;
    private final Function<String, String> poolOf;
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Map<String, ArrayDeque<Task>> store = new LinkedHashMap<>();
    private final Map<String, List<Task>> inBroker = new HashMap<>();
    private final Map<String, List<Long>> waits = new HashMap<>();
    private final Random random = new Random(1);
    private long now;
    private long before = -1;

    private static final class Task {
        private final long acceptedAt;
        private long claimedAt;
        private long startedAt = Long.MAX_VALUE;
        private long endsAt;

        Task(long acceptedAt) {
            this.acceptedAt = acceptedAt;
        }
    }

    private record Work(String tenant, Task task) {}

    private static final class Pool {
        private final int slots;
        private final long callMillis;
        private final ArrayDeque<Work> queue = new ArrayDeque<>();
        private final List<Work> running = new ArrayList<>();
        private long busyMillis;

        Pool(int slots, long callMillis) {
            this.slots = slots;
            this.callMillis = callMillis;
        }
    }

    /**
     * @param announced slots that the dispatch knows of
     * @param poolOf the router's choice for a tenant
     */
    SimulatedFleet(Duration ahead, int announced, Function<String, String> poolOf) {
        this.windows = new Windows(ahead, 10_000, () -> announced);
        this.poolOf = poolOf;
    }

    SimulatedFleet pool(String name, int slots, long callMillis) {
        pools.put(name, new Pool(slots, callMillis));
        return this;
    }

    void accept(String tenant, int tasks) {
        for (int i = 0; i < tasks; i++) {
            store.computeIfAbsent(tenant, t -> new ArrayDeque<>()).add(new Task(now));
        }
    }

    void run(Duration time) {
        long end = now + time.toMillis();
        while (now < end) {
            now += STEP;
            work();
            if (now % LOOK == 0) {
                fill();
            }
        }
    }

    /** Part of the slots' time that was used so far, since {@link #forget}. */
    double busy(String pool, Duration of) {
        Pool p = pools.get(pool);
        return p.busyMillis / (double) (p.slots * of.toMillis());
    }

    /** From now on it counts. */
    void forget() {
        waits.clear();
        pools.values().forEach(p -> p.busyMillis = 0);
    }

    /** From the acceptance to the start, in milliseconds. */
    List<Long> waits(String tenant) {
        return waits.getOrDefault(tenant, List.of());
    }

    private void work() {
        pools.values()
                .forEach(
                        pool -> {
                            pool.busyMillis += (long) STEP * pool.running.size();
                            pool.running.removeIf(this::ended);
                            while (pool.running.size() < pool.slots && !pool.queue.isEmpty()) {
                                start(pool, pool.queue.remove());
                            }
                        });
    }

    private boolean ended(Work work) {
        boolean ended = now >= work.task().endsAt;
        if (ended) {
            inBroker.get(work.tenant()).remove(work.task());
        }
        return ended;
    }

    private void start(Pool pool, Work work) {
        work.task().startedAt = now;
        // Half to one and a half of the mean, so that calls do not go in step.
        work.task().endsAt = now + pool.callMillis / 2 + random.nextLong(pool.callMillis);
        waits.computeIfAbsent(work.tenant(), t -> new ArrayList<>())
                .add(now - work.task().acceptedAt);
        pool.running.add(work);
    }

    private void fill() {
        Look look = new Look(Instant.EPOCH.plusMillis(1 + now), look());
        before = now;
        Allowed allowed = windows.learn(look);
        DispatchPolicy.shares(windows.rooms(look, allowed), COUNTED)
                .forEach(
                        (lane, share) -> {
                            windows.claimed(lane, share);
                            for (int i = 0; i < share; i++) {
                                Task task = store.get(lane.tenant()).remove();
                                task.claimedAt = now;
                                inBroker.computeIfAbsent(lane.tenant(), t -> new ArrayList<>())
                                        .add(task);
                                pools.get(poolOf.apply(lane.tenant()))
                                        .queue
                                        .add(new Work(lane.tenant(), task));
                            }
                        });
    }

    private List<LaneLook> look() {
        List<LaneLook> looks = new ArrayList<>();
        store.forEach(
                (tenant, waiting) -> {
                    List<Task> sent = inBroker.getOrDefault(tenant, List.of());
                    if (!waiting.isEmpty() || !sent.isEmpty()) {
                        looks.add(
                                new LaneLook(
                                        new Lane(tenant, Priority.NORMAL, "any"),
                                        Math.min(COUNTED, waiting.size()),
                                        sent.size(),
                                        sent.stream().filter(t -> now - t.startedAt > NEWS).count(),
                                        0,
                                        sent.stream().filter(t -> t.claimedAt <= before).count()));
                    }
                });
        return looks;
    }
}
