package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;

/** Tasks by all ways in at an even pace, until it is closed. */
final class SteadyLoad implements AutoCloseable {

    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final int BULK = 100;
    private static final int SINGLES = 5;

    private final ChaosRun run;
    private final Thread rest;
    private final Thread amqp;
    private volatile boolean over;

    SteadyLoad(ChaosRun run) {
        this.run = run;
        this.rest = Thread.ofVirtual().start(() -> rounds(this::rest));
        this.amqp = Thread.ofVirtual().start(() -> rounds(this::amqp));
    }

    private void rounds(Runnable round) {
        long start = System.nanoTime();
        for (int i = 0; !over; i++) {
            round.run();
            long left = ROUND.toNanos() * (i + 1) - (System.nanoTime() - start);
            if (left > 0) {
                Waits.pause(Duration.ofNanos(left));
            }
        }
    }

    private void rest() {
        run.rest().bulk(BULK, ChaosRun.INSTANT);
        for (int i = 0; i < SINGLES; i++) {
            run.rest().submit(ChaosRun.INSTANT);
        }
    }

    private void amqp() {
        for (int i = 0; i < SINGLES; i++) {
            run.amqp().submit(ChaosRun.INSTANT);
        }
    }

    /** What is under way is sent to its end. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        rest.join();
        amqp.join();
    }
}
