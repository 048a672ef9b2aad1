package io.llmfleet.producer.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The line of those who wait for a connection: who comes first is served first, and who waits too
 * long is told.
 *
 * <p>Without it they would wait inside the pool, where each connection that comes back is offered
 * in a busy loop until one of the waiting threads takes it; with thousands of virtual threads on
 * few cores that loop takes the cores from those who could take it.
 */
public final class StoreLine {

    private final Semaphore connections;
    private final int size;
    private final int maxWaiting;
    private final Duration patience;

    /**
     * @param size connections of the pool
     * @param maxWaiting from how many on the line counts as too long
     * @param patience how long one waits at most
     */
    StoreLine(int size, int maxWaiting, Duration patience) {
        this.connections = new Semaphore(size, true);
        this.size = size;
        this.maxWaiting = maxWaiting;
        this.patience = patience;
    }

    /** About how many wait. */
    public int waiting() {
        return connections.getQueueLength();
    }

    /** Whether nobody new should join who can be asked to come again. */
    public boolean tooLong() {
        return waiting() >= maxWaiting;
    }

    /** From how many on the line is too long. */
    public int maxWaiting() {
        return maxWaiting;
    }

    void enter() throws SQLException {
        try {
            if (!connections.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLTransientConnectionException(
                        "none of the %d connections was free within %d ms, %d wait"
                                .formatted(size, patience.toMillis(), waiting()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted", e);
        }
    }

    void leave() {
        connections.release();
    }
}
