package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.BrokerCluster;
import io.llmfleet.system.chaos.fleet.ClusterNode;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.function.Consumer;

/** F27: of three nodes one is killed, later one is cut off; the fleet goes on with the others. */
final class BrokerNodeLost implements ChaosCase {

    private static final Duration BEFORE = Duration.ofSeconds(10);
    private static final Duration GONE = Duration.ofSeconds(30);
    private static final Duration AFTER = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "F27";
    }

    @Override
    public String fault() {
        return "of three broker nodes the one that leads most queues: kill -9, and later "
                + GONE.toSeconds()
                + " s without network";
    }

    @Override
    public FleetPlan plan() {
        // As in a real fleet: what is not confirmed is sent again only when a node that is silent
        // was missed, else each task comes several times.
        return FleetPlan.usual().with("FLEET_DISPATCH_UNCONFIRMEDAFTER", "30s").onCluster();
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.requireWithin(
                LIMIT,
                "each queue and stream has a member on each node",
                () -> run.broker().withoutMembers(BrokerCluster.NODES).isEmpty());
        try (var _ = new SteadyLoad(run)) {
            probe(run, BEFORE);
            lose(run, "kill -9 of", ClusterNode::kill);
            lose(run, "no network for", ClusterNode::cutOff);
        }
    }

    private static void lose(ChaosRun run, String what, Consumer<ClusterNode> fault) {
        Map.Entry<String, Long> most =
                Collections.max(run.broker().leaders().entrySet(), Map.Entry.comparingByValue());
        ClusterNode node = run.fleet().cluster().node(most.getKey());
        run.fleet().loseNode(() -> fault.accept(node));
        Duration gone = probe(run, GONE);
        node.heal();
        Duration back = probe(run, AFTER);
        long start = System.nanoTime();
        run.fleet().cluster().awaitWhole();
        run.note(
                "%s %s, leader of %d queues: the slowest answer took %.1f s, %.1f s when it came back; whole %.0f s later"
                        .formatted(
                                what,
                                node.name(),
                                most.getValue(),
                                gone.toMillis() / 1e3,
                                back.toMillis() / 1e3,
                                (System.nanoTime() - start) / 1e9));
    }

    /**
     * One task after the other for so long.
     *
     * @return how long the slowest answer took
     */
    private static Duration probe(ChaosRun run, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Duration slowest = Duration.ZERO;
        while (System.nanoTime() < end) {
            Duration took = run.recover(ChaosRun.INSTANT);
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
        }
        return slowest;
    }
}
