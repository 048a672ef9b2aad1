package io.llmfleet.producer.dispatch;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.OpenTask;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.tracing.LoggedTask;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Looks after tasks in the broker: heartbeats for workers, deadlines that pass, messages that were
 * interrupted.
 */
final class Upkeep implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
    private static final int BATCH = 500;

    private final OpenTasks openTasks;
    private final Ending ending;
    private final Dispatcher dispatcher;
    private final ControlStream control;
    private final DispatchProperties properties;
    private final ScheduledExecutorService schedule =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().name("upkeep-", 0).daemon().factory());
    private volatile boolean running;

    Upkeep(
            OpenTasks openTasks,
            Ending ending,
            Dispatcher dispatcher,
            ControlStream control,
            DispatchProperties properties) {
        this.openTasks = openTasks;
        this.ending = ending;
        this.dispatcher = dispatcher;
        this.control = control;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
        every(1_000, control::heartbeat);
        every(1_000, this::expire);
        every(500, this::askWhoRuns);
        every(500, this::dispatchUnanswered);
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

    private void expire() {
        List<FinalOutcome> expired = ending.expire(BATCH);
        expired.forEach(e -> control.cancel(e.id(), e.epoch()));
    }

    private void askWhoRuns() {
        openTasks.askDue().forEach(ref -> control.whoRuns(ref.id(), ref.epoch()));
    }

    private void dispatchUnanswered() {
        for (OpenTask task : openTasks.reclaimUnanswered(properties.unansweredAfter(), BATCH)) {
            try (var _ = LoggedTask.about(task.id(), task.traceParent())) {
                log.info(
                        "task {} was interrupted and nobody runs it, dispatching epoch {}",
                        task.id(),
                        task.epoch());
            }
            if (DispatchPolicy.isPoison(task.interruptions())) {
                ending.end(List.of(poison(task)));
            } else {
                dispatcher.dispatchAnew(task);
            }
        }
    }

    private static FinalOutcome poison(OpenTask task) {
        Failure failure =
                Failure.of(
                        FailureCode.POISON,
                        "the task interrupted its worker " + task.interruptions() + " times");
        return new FinalOutcome(
                task.id(),
                task.epoch(),
                TaskState.FAILED,
                task.attempt(),
                null,
                Instant.now(),
                null,
                null,
                null,
                failure,
                task.failures(),
                null);
    }

    private void every(long millis, Runnable step) {
        var _ =
                schedule.scheduleWithFixedDelay(
                        () -> {
                            try {
                                step.run();
                            } catch (RuntimeException e) {
                                log.warn("upkeep failed, trying again: {}", e.toString());
                            }
                        },
                        millis,
                        millis,
                        TimeUnit.MILLISECONDS);
    }
}
