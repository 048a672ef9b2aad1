package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.chore.WorkLoop;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Looks at runs that were woken, some at once. */
final class RunRunner implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunRunner.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int AT_ONCE = 4;
    private static final int CLAIM = 50;
    private static final Duration GRACE = Duration.ofSeconds(6);
    private static final Duration AFTER_BUG = Duration.ofSeconds(30);

    private final JdbcWakes wakes;
    private final RunWork work;
    private final RunRetention retention;
    private final Set<UUID> busy = ConcurrentHashMap.newKeySet();
    private final WorkLoop loop = new WorkLoop("runs", AT_ONCE, PAUSE);

    RunRunner(JdbcWakes wakes, RunWork work, RunRetention retention) {
        this.wakes = wakes;
        this.work = work;
        this.retention = retention;
    }

    @Override
    public void start() {
        wakes.onAdded(loop::tell);
        loop.start(this::takeUp, retention::clean);
    }

    /** What is being done may come to its end; what does not is taken over. */
    @Override
    public void stop() {
        loop.stop(GRACE);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    private void takeUp() throws InterruptedException {
        for (UUID id : wakes.due(CLAIM)) {
            if (busy.add(id)) {
                loop.begin(() -> goOn(id));
            }
        }
    }

    private void goOn(UUID id) {
        try {
            work.goOn(id);
        } catch (DataAccessException | TransactionException e) {
            log.debug("run {} waits for the store: {}", id, e.toString());
        } catch (RuntimeException e) {
            log.error("run {} could not go on, trying again", id, e);
            wakes.postpone(id, AFTER_BUG);
        } finally {
            busy.remove(id);
        }
    }
}
