package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;
import java.util.List;

/** F8: nothing is lost, and no connection or channel is left over. */
final class ConnectionsReset implements ChaosCase {

    private static final int CUTS = 60;
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @Override
    public String name() {
        return "F8";
    }

    @Override
    public String fault() {
        return "random connections reset twice a second for 30 s";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        int connections = run.broker().connections();
        int channels = run.broker().channels();
        for (int i = 0; i < CUTS; i++) {
            List<Replica> all = run.fleet().all();
            all.get(run.random().nextInt(all.size())).proxy().cutOne(run.random());
            if (i % 5 == 0) {
                run.rest().bulk(50, ChaosRun.INSTANT);
                run.amqp().submit(ChaosRun.INSTANT);
            }
            Waits.pause(EVERY);
        }
        run.recover(ChaosRun.INSTANT);
        run.note(connections + " connections with " + channels + " channels before");
        run.requireWithin(
                LIMIT,
                "connections and channels are as many as before",
                () ->
                        run.broker().connections() <= connections
                                && run.broker().channels() <= channels);
    }
}
