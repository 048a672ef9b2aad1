package io.llmfleet.system.chaos.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a fleet under test is made of; cases with the same plan share a fleet.
 *
 * @param settings environment variables of the fleet and of every service
 * @param workers environment variables of each worker on top
 * @param llm whether workers also have the harness's HTTP backend
 * @param replicas of each service that is not the worker
 * @param cluster whether its broker has three nodes
 */
public record FleetPlan(
        Map<String, String> settings,
        List<Map<String, String>> workers,
        boolean llm,
        int replicas,
        boolean cluster) {

    public static final int SLOTS = 8;

    /** Short rungs, so that what takes minutes in a real fleet takes seconds here. */
    public static final String LEVELS = "1s,2s,5s";

    private static final String POOL = "FLEET_POOL";
    private static final int REPLICAS = 2;

    public FleetPlan {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        workers = List.copyOf(workers);
    }

    /** Two workers of one pool with both backends: the instant one and the harness's. */
    public static FleetPlan usual() {
        return new FleetPlan(
                Map.of(
                        "FLEET_RETRY_LEVELS", LEVELS,
                        "FLEET_SLOTS", Integer.toString(SLOTS),
                        "FLEET_INSTANT_ENABLED", "true",
                        "FLEET_INSTANT_LATENCY", "20ms",
                        "FLEET_DISPATCH_UNCONFIRMEDAFTER", "5s",
                        "FLEET_WORKER_GRACE", "5s",
                        "FLEET_BREAKER_PROBEINTERVAL", "5s"),
                List.of(Map.of(), Map.of()),
                true,
                REPLICAS,
                false);
    }

    public FleetPlan with(String name, String value) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(name, value);
        return new FleetPlan(all, workers, llm, replicas, cluster);
    }

    public FleetPlan withReplicas(int count) {
        return new FleetPlan(settings, workers, llm, count, cluster);
    }

    /** So many workers of one pool. */
    public FleetPlan withWorkers(int count) {
        return new FleetPlan(
                settings, Collections.nCopies(count, Map.of()), llm, replicas, cluster);
    }

    /** One worker in each of these pools. */
    public FleetPlan withPools(String... pools) {
        List<Map<String, String>> all = new ArrayList<>();
        for (String pool : pools) {
            all.add(Map.of(POOL, pool));
        }
        return new FleetPlan(
                with("FLEET_POOLS", String.join(",", pools)).settings, all, llm, replicas, cluster);
    }

    /** On a broker of three nodes, in containers. */
    public FleetPlan onCluster() {
        return new FleetPlan(settings, workers, llm, replicas, true);
    }

    /** Only the harness's HTTP backend. */
    public FleetPlan onlyLlm() {
        return with("FLEET_INSTANT_ENABLED", "false");
    }
}
