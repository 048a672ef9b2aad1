package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;

/** F1: the broker is killed three times while thousands of tasks flow. */
final class BrokerKilled implements ChaosCase {

    private static final int KILLS = 3;
    private static final int BULK = 500;

    private final int tasks;

    BrokerKilled(int tasks) {
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return "F1";
    }

    @Override
    public String fault() {
        return "kill -9 of the broker, three times while " + tasks + " tasks flow";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        Thread load = Thread.ofVirtual().start(() -> load(run));
        for (int kill = 1; kill <= KILLS; kill++) {
            int part = kill * tasks / (KILLS + 1);
            Waits.require(
                    "so many tasks are sent",
                    Duration.ofMinutes(5),
                    () -> run.ledger().size() >= part);
            run.fleet().killBroker();
            run.fleet().broker().start();
            run.note(
                    "after kill "
                            + kill
                            + " answered again within "
                            + run.recover(ChaosRun.INSTANT));
        }
        load.join();
    }

    private void load(ChaosRun run) {
        while (run.ledger().size() < tasks) {
            run.rest().bulk(BULK, ChaosRun.INSTANT);
            for (int i = 0; i < 10; i++) {
                run.rest().submit(ChaosRun.INSTANT);
                run.amqp().submit(ChaosRun.INSTANT);
            }
        }
    }
}
