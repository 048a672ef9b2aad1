package io.llmfleet.system.chaos.fleet;

import io.llmfleet.cli.FleetException;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what must come, and says what did not. */
public final class Waits {

    private static final Duration LOOK = Duration.ofMillis(100);

    private Waits() {}

    /** Whether it became true in time; a question that throws counts as no. */
    public static boolean until(Duration limit, Callable<Boolean> question) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            if (asks(question)) {
                return true;
            }
            if (System.nanoTime() > end) {
                return false;
            }
            pause(LOOK);
        }
    }

    /**
     * @throws FleetException naming {@code what} if it did not become true in time
     */
    public static void require(String what, Duration limit, Callable<Boolean> question) {
        if (!until(limit, question)) {
            throw new FleetException("waited " + limit.toSeconds() + " s in vain until " + what);
        }
    }

    public static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    private static boolean asks(Callable<Boolean> question) {
        try {
            return question.call();
        } catch (FleetException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return false;
        } catch (Exception e) {
            return false;
        }
    }
}
