package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.Limit;
import io.llmfleet.producer.chore.Chores;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Sees to it that what a producer took when it died is given back. */
final class LimitUpkeep implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LimitUpkeep.class);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Limits limits;
    private final JdbcHolds holds;
    private final JdbcWindows windows;
    private final Chores chores = new Chores("limit-upkeep", 1);
    private volatile boolean running;

    LimitUpkeep(Limits limits, JdbcHolds holds, JdbcWindows windows) {
        this.limits = limits;
        this.holds = holds;
        this.windows = windows;
    }

    @Override
    public void start() {
        running = true;
        chores.every(PAUSE, this::run);
    }

    @Override
    public void stop() {
        running = false;
        chores.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    void run() {
        int leaked = holds.settleLeaked();
        if (leaked > 0) {
            log.info("gave back what {} tasks held that never came to be", leaked);
        }
        holds.counted().stream().filter(this::isUnlimited).forEach(holds::stopCounting);
        windows.forget();
    }

    private boolean isUnlimited(String owner) {
        UUID key = Account.keyOf(owner);
        return limits.of(new Account("", key)).get(Limit.QUEUED_TASKS) == null;
    }
}
