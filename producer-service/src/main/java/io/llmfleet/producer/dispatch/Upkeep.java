package io.llmfleet.producer.dispatch;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.chore.Chores;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.OpenTask;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.OpenTasks.Question;
import io.llmfleet.tracing.LoggedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private final OpenTasks openTasks;
    private final Ending ending;
    private final Dispatcher dispatcher;
    private final ControlStream control;
    private final DispatchProperties properties;
    private final Chores chores = new Chores("upkeep", 2);
    private final Queue<Question> said = new ConcurrentLinkedQueue<>();
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
        chores.every(SECOND, control::heartbeat);
        chores.every(SECOND, this::expire);
        chores.every(HALF_A_SECOND, this::askWhoRuns);
        chores.every(HALF_A_SECOND, this::dispatchUnanswered);
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

    private void expire() {
        List<FinalOutcome> expired = ending.expire(BATCH);
        expired.forEach(e -> control.cancel(e.id(), e.epoch()));
    }

    private void askWhoRuns() {
        noteSaid();
        if (!control.available()) {
            return;
        }
        for (Question question : openTasks.askDue()) {
            OpenTasks.Ref task = question.task();
            var _ = control.whoRuns(task.id(), task.epoch()).thenRun(() -> said.add(question));
        }
    }

    /** Only from then on is there somebody who could answer. */
    private void noteSaid() {
        List<Question> questions = said.stream().toList();
        if (!questions.isEmpty()) {
            openTasks.asked(questions);
            said.removeAll(questions);
        }
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
                // A copy that lies on the ladder or in a lane must not run beside the new one.
                control.supersede(task.id(), task.epoch() - 1);
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
}
