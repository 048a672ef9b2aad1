package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.Limit;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Sees to it that what a producer took when it died is given back. */
final class LimitUpkeep implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LimitUpkeep.class);
    private static final int SECONDS = 30;

    private final Limits limits;
    private final JdbcHolds holds;
    private final JdbcWindows windows;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("limit-upkeep").daemon().factory());
    private volatile boolean running;

    LimitUpkeep(Limits limits, JdbcHolds holds, JdbcWindows windows) {
        this.limits = limits;
        this.holds = holds;
        this.windows = windows;
    }

    @Override
    public void start() {
        running = true;
        var _ = schedule.scheduleWithFixedDelay(this::tryRun, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void stop() {
        running = false;
        schedule.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void tryRun() {
        try {
            run();
        } catch (RuntimeException e) {
            log.warn("the upkeep of limits failed, trying again: {}", e.toString());
        }
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
