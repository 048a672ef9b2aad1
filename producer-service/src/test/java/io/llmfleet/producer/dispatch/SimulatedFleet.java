package io.llmfleet.producer.dispatch;

import io.llmfleet.model.Priority;
import io.llmfleet.producer.dispatch.Windows.Allowed;
import io.llmfleet.producer.task.LaneLook;
import io.llmfleet.producer.task.LaneLooks.Look;
import io.llmfleet.producer.task.LaneLooks.Untaken;
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
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A fleet in steps of 10 ms: tenants send tasks of some types to one target, windows are filled
 * every 200 ms and while tasks wait every 50 ms, each pool is first come, first served, and the
 * store hears of what runs 200 ms later.
 */
final class SimulatedFleet {

    private static final int STEP = 10;
    private static final int LOOK = 200;
    private static final int HURRY = 50;
    private static final int NEWS = 200;
    private static final int COUNTED = 1_000;
    private static final int SILENCE = 10_000;

    private final Windows windows;
    private final Lanes lanes;
    private final Router router;
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Map<Lane, ArrayDeque<Task>> store = new LinkedHashMap<>();
    private final Map<Lane, List<Task>> inBroker = new HashMap<>();
    private final Map<String, List<Long>> waits = new HashMap<>();
    private final Random random = new Random(1);
    private boolean silent;
    private int accepted;
    private long now;
    private long before = -1;

    /** Chooses the pool of a tenant's task. */
    interface Router {
        /**
         * @param number counts the lane's tasks
         */
        String pool(Lane lane, int number);
    }

    private static final class Task {
        private final int number;
        private final long acceptedAt;
        private String pool = "";
        private long claimedAt;
        private long startedAt = Long.MAX_VALUE;
        private long endsAt;

        Task(int number, long acceptedAt) {
            this.number = number;
            this.acceptedAt = acceptedAt;
        }
    }

    private record Work(Lane lane, Task task) {}

    private static final class Pool {
        private final int slots;
        private final long callMillis;
        private final ArrayDeque<Work> queue = new ArrayDeque<>();
        private final List<Work> running = new ArrayList<>();
        private long busyMillis;
        private long diedAt = Long.MAX_VALUE;

        Pool(int slots, long callMillis) {
            this.slots = slots;
            this.callMillis = callMillis;
        }
    }

    /**
     * @param announced slots that the dispatch knows of
     */
    SimulatedFleet(Duration ahead, int announced, Router router) {
        this.windows = new Windows(ahead, 10_000, () -> new FleetWorkers(announced, alive()));
        this.lanes = new Lanes(new Allowed(Map.of(), Map.of(), windows.ofUnused()));
        this.router = router;
    }

    SimulatedFleet pool(String name, int slots, long callMillis) {
        pools.put(name, new Pool(slots, callMillis));
        return this;
    }

    /** What it runs and what waits in its queue stays there. */
    void kill(String pool) {
        pools.get(pool).diedAt = now;
    }

    /** Its workers do not say what they run. */
    SimulatedFleet silent() {
        silent = true;
        return this;
    }

    void accept(String tenant, int tasks) {
        accept(tenant, "chat", tasks);
    }

    void accept(String tenant, String type, int tasks) {
        Lane lane = new Lane(tenant, Priority.NORMAL, "any", type);
        for (int i = 0; i < tasks; i++) {
            ArrayDeque<Task> waiting = store.computeIfAbsent(lane, l -> new ArrayDeque<>());
            Task task = new Task(accepted++, now);
            if (lanes.add(lane, true)) {
                send(lane, task);
            } else {
                waiting.add(task);
            }
        }
    }

    void run(Duration time) {
        long end = now + time.toMillis();
        while (now < end) {
            now += STEP;
            work();
            if (now % (lanes.anyWaits() ? HURRY : LOOK) == 0) {
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
        pools.values().stream()
                .filter(pool -> now < pool.diedAt)
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
            inBroker.get(work.lane()).remove(work.task());
        }
        return ended;
    }

    private void start(Pool pool, Work work) {
        work.task().startedAt = now;
        // Half to one and a half of the mean, so that calls do not go in step.
        work.task().endsAt = now + pool.callMillis / 2 + random.nextLong(pool.callMillis);
        waits.computeIfAbsent(work.lane().tenant(), t -> new ArrayList<>())
                .add(now - work.task().acceptedAt);
        pool.running.add(work);
    }

    /** That a pool has died is known when it was not heard for a while. */
    private Set<String> alive() {
        return pools.keySet().stream().filter(p -> !lost(p)).collect(Collectors.toSet());
    }

    private boolean lost(String pool) {
        return now - SILENCE > pools.get(pool).diedAt;
    }

    private void fill() {
        Look look = new Look(Instant.EPOCH.plusMillis(1 + now), look());
        before = now;
        Allowed allowed = windows.learn(look);
        lanes.seen(look.lanes(), allowed);
        DispatchPolicy.shares(windows.rooms(look, allowed), COUNTED)
                .forEach(
                        (lane, share) -> {
                            windows.claimed(lane, share);
                            lanes.claimed(lane, share);
                            for (int i = 0; i < share; i++) {
                                send(lane, store.get(lane).remove());
                            }
                        });
    }

    private void send(Lane lane, Task task) {
        task.claimedAt = now;
        task.pool = router.pool(lane, task.number);
        inBroker.computeIfAbsent(lane, l -> new ArrayList<>()).add(task);
        pools.get(task.pool).queue.add(new Work(lane, task));
    }

    private List<LaneLook> look() {
        List<LaneLook> looks = new ArrayList<>();
        store.forEach(
                (lane, waiting) -> {
                    List<Task> sent = inBroker.getOrDefault(lane, List.of());
                    if (!waiting.isEmpty() || !sent.isEmpty()) {
                        looks.add(look(lane, waiting.size(), sent));
                    }
                });
        return looks;
    }

    private LaneLook look(Lane lane, int waiting, List<Task> sent) {
        Untaken untaken = windows.untaken();
        List<Task> running =
                sent.stream().filter(t -> known(t) && untaken.pools().contains(t.pool)).toList();
        return new LaneLook(
                lane,
                Math.min(COUNTED, waiting),
                sent.size(),
                running.size(),
                running.stream().mapToLong(t -> now - t.claimedAt).average().orElse(0) / 1_000,
                0,
                sent.stream().filter(t -> !running.contains(t) && gaveUp(lane, t, untaken)).count(),
                sent.stream().filter(t -> t.claimedAt <= before).count());
    }

    private boolean gaveUp(Lane lane, Task task, Untaken untaken) {
        Duration after =
                untaken.pools().contains(task.pool)
                        ? untaken.after().getOrDefault(lane.target(), untaken.least())
                        : untaken.least();
        return now - task.claimedAt > after.toMillis();
    }

    private boolean known(Task task) {
        return !silent && now - task.startedAt > NEWS;
    }
}
