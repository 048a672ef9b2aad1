package io.llmfleet.producer.job;

import io.llmfleet.model.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Decides what is next for a job, and how it ends. */
final class JobPolicy {

    /** What a producer does next. */
    enum Step {
        VALIDATE,
        SUBMIT,
        AWAIT_TASKS,
        CANCEL_TASKS,
        END
    }

    /** So close to the end a task is not begun any more. */
    private static final Duration TOO_LATE = Duration.ofSeconds(1);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final int PAUSE = 5;

    private JobPolicy() {}

    static Step next(JobState state, boolean allSubmitted, Instant expiresAt, Instant now) {
        return switch (state) {
            case VALIDATING -> Step.VALIDATE;
            case IN_PROGRESS ->
                    allSubmitted || !maySubmit(expiresAt, now) ? Step.AWAIT_TASKS : Step.SUBMIT;
            case FINALIZING -> Step.END;
            case CANCELLING -> Step.CANCEL_TASKS;
            case COMPLETED, FAILED, EXPIRED, CANCELLED ->
                    throw new IllegalArgumentException(state + " is final");
        };
    }

    static boolean maySubmit(Instant expiresAt, Instant now) {
        return now.isBefore(expiresAt.minus(TOO_LATE));
    }

    /** Whether no task of the job is on its way. */
    static boolean isDone(Map<TaskState, Long> tasks) {
        return tasks.keySet().stream().allMatch(TaskState::isFinal);
    }

    /**
     * How a job ends whose tasks are all final.
     *
     * @param state FINALIZING or CANCELLING
     */
    static JobState end(JobState state, boolean allSubmitted, Map<TaskState, Long> tasks) {
        if (state == JobState.CANCELLING) {
            return JobState.CANCELLED;
        }
        return allSubmitted && !tasks.containsKey(TaskState.EXPIRED)
                ? JobState.COMPLETED
                : JobState.EXPIRED;
    }

    /**
     * @param refused lines that no task could be made of
     */
    static Job.Counts counts(int total, int refused, Map<TaskState, Long> tasks) {
        long completed = tasks.getOrDefault(TaskState.SUCCEEDED, 0L);
        long failed =
                tasks.entrySet().stream()
                        .filter(e -> e.getKey().isFinal() && e.getKey() != TaskState.SUCCEEDED)
                        .mapToLong(Map.Entry::getValue)
                        .sum();
        return new Job.Counts(total, (int) completed, (int) failed + refused);
    }

    /** Until tasks are counted again; what takes long is done less often. */
    static Duration pause(Duration counting) {
        Duration pause = counting.multipliedBy(PAUSE);
        return pause.compareTo(SHORTEST_PAUSE) > 0 ? pause : SHORTEST_PAUSE;
    }
}
