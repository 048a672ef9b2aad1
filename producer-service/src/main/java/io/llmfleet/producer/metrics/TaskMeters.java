package io.llmfleet.producer.metrics;

import io.llmfleet.metrics.BoundedTag;
import io.llmfleet.metrics.Tagged;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Counts tasks from their acceptance to their end. */
public final class TaskMeters {

    private static final int TYPES = 100;
    private static final String NO_POOL = "none";

    private final MeterRegistry registry;
    private final Tagged<Counter> accepted;
    private final Counter reopened;
    private final Tagged<Counter> ended;
    private final Tagged<Counter> failed;
    private final Tagged<Timer> criticalTime;
    private final Tagged<Timer> queueTime;
    private final Timer commit;
    private final DistributionSummary commitTasks;
    private final Tagged<Counter> messages;
    private final Counter refused;
    private final Tagged<Counter> replies;
    private final BoundedTag types = new BoundedTag(TYPES);

    /** Why a task is published. */
    public enum Cause {
        NEW,
        /** The confirm of its message never came. */
        UNCONFIRMED,
        /** Its worker was lost. */
        INTERRUPTED;

        private final String tag = name().toLowerCase(Locale.ROOT);
    }

    /**
     * How a task ended.
     *
     * @param code why it failed, if it did
     * @param criticalTime since its acceptance
     * @param queueTime in store and broker before its last attempt; null if there was none
     */
    public record End(
            String type,
            @Nullable String pool,
            Priority priority,
            TaskState state,
            @Nullable FailureCode code,
            Duration criticalTime,
            @Nullable Duration queueTime) {}

    /**
     * @param knownTypes whose counters are there from the start, so that their first increment
     *     shows
     */
    public TaskMeters(MeterRegistry registry, Collection<String> knownTypes) {
        this.registry = registry;
        accepted = ProducerMetrics.TASKS_ACCEPTED.counters(registry);
        reopened = ProducerMetrics.TASKS_REOPENED.counter(registry);
        ended = ProducerMetrics.TASKS_FINAL.counters(registry);
        failed = ProducerMetrics.TASKS_FAILED.counters(registry);
        criticalTime = ProducerMetrics.CRITICAL_TIME.timers(registry);
        queueTime = ProducerMetrics.QUEUE_TIME.timers(registry);
        commit = ProducerMetrics.COMMIT.timer(registry);
        commitTasks = ProducerMetrics.COMMIT_TASKS.summary(registry);
        messages = ProducerMetrics.DISPATCH_MESSAGES.counters(registry);
        refused = ProducerMetrics.DISPATCH_REFUSED.counter(registry);
        replies = ProducerMetrics.REPLIES.counters(registry);
        begin(knownTypes);
    }

    private void begin(Collection<String> knownTypes) {
        for (String type : knownTypes) {
            for (Priority priority : Priority.values()) {
                accepted.of(types.of(type), priority.wire());
                Arrays.stream(TaskState.values())
                        .filter(TaskState::isFinal)
                        .forEach(state -> ended.of(type, priority.wire(), tag(state)));
            }
        }
        Arrays.stream(Cause.values()).forEach(cause -> messages.of(cause.tag));
        replies(0, 0, 0, 0);
    }

    private static String tag(TaskState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    public void accepted(String type, Priority priority) {
        accepted.of(types.of(type), priority.wire()).increment();
    }

    public void reopened() {
        reopened.increment();
    }

    public void ended(End end) {
        String type = types.of(end.type());
        String pool = end.pool() == null ? NO_POOL : end.pool();
        String priority = end.priority().wire();
        ended.of(type, priority, tag(end.state())).increment();
        criticalTime.of(type, pool, priority).record(end.criticalTime());
        if (end.queueTime() != null) {
            queueTime.of(type, pool, priority).record(end.queueTime());
        }
        if (end.code() != null) {
            failed.of(type, end.code().name()).increment();
        }
    }

    public void commitWaiting(IntSupplier tasks) {
        ProducerMetrics.COMMIT_WAITING.gauge(registry, tasks, IntSupplier::getAsInt);
    }

    /** Measures the commit of a group of accepted tasks. */
    public void commit(int tasks, Runnable transaction) {
        commitTasks.record(tasks);
        commit.record(transaction);
    }

    public void dispatched(Cause cause) {
        messages.of(cause.tag).increment();
    }

    public void dispatchRefused() {
        refused.increment();
    }

    /** What became of a batch of replies. */
    public void replies(int effective, int withoutEffect, int interrupted, int unreadable) {
        replies.of("effective").increment(effective);
        replies.of("without_effect").increment(withoutEffect);
        replies.of("interrupted").increment(interrupted);
        replies.of("unreadable").increment(unreadable);
    }
}
