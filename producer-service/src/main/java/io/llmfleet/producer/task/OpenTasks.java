package io.llmfleet.producer.task;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * The facade for those who move tasks on: dispatch, progress, interruptions. Safe to call from any
 * replica at once.
 */
public interface OpenTasks {

    /** Tasks that go to the broker in the order of their acceptance. */
    record Lane(String tenant, Priority priority, String target, String type) {}

    /** A task and the epoch of the message that is meant. */
    record Ref(UUID id, int epoch) {}

    /**
     * A message that a worker did not run because it may have run before.
     *
     * @param interruptions how many workers it has stopped so far
     */
    record Interruption(
            UUID id, int epoch, int attempt, int interruptions, List<AttemptFailure> failures) {}

    /** All unfinished tasks; takes long where there are many. */
    long count();

    /** Takes up to {@code limit} waiting tasks of a lane, oldest first. */
    List<OpenTask> claim(Lane lane, int limit);

    /**
     * Takes tasks again that were claimed that long ago and never confirmed; they keep their epoch.
     */
    List<OpenTask> reclaim(Duration unconfirmedFor, int limit);

    /** The broker has these; those that are final by now are left alone. */
    void markSent(Collection<Ref> sent);

    /** The broker did not take these: they wait again. */
    void release(Collection<UUID> ids);

    /** What became known of tasks on their way; older news than the store has are ignored. */
    void project(Collection<Progress> progress);

    /** Remembers that these must be asked for before they are dispatched again. */
    void interrupted(List<Interruption> interruptions);

    /**
     * Those that are due to be asked for; each is due again in some seconds unless it is {@link
     * #asked} by then.
     */
    List<Question> askDue();

    /** These were asked for: from now on somebody may answer, or {@link #reclaimUnanswered}. */
    void asked(Collection<Question> questions);

    /**
     * That a task is to be asked for.
     *
     * @param again when it would be due again, which tells whether somebody answered meanwhile
     */
    record Question(Ref task, OffsetDateTime again) {}

    /** A worker runs these: ask again later. */
    void answered(Collection<UUID> ids, Duration askAgainAfter);

    /**
     * Takes those for whom nobody answered for a while: the epoch is one higher, the attempt is
     * kept.
     */
    List<OpenTask> reclaimUnanswered(Duration unansweredFor, int limit);

    /**
     * Asks who runs what was routed to a work queue before it was deleted; returns how many tasks
     * that are.
     */
    int suspectRouted(String pool, Priority priority, Instant before);

    /** How many tasks the broker confirmed that long ago and that are not being asked for. */
    long sentBefore(Duration age);

    /** Asks who runs the oldest {@code limit} of them. */
    int suspectSentBefore(Duration age, long limit);

    /**
     * Opens a task again that is final: epoch and fence one higher, attempts from the start, and it
     * waits for dispatch.
     *
     * @return false if there is no such task, it is not final, or its input is gone
     */
    boolean reopen(UUID id);
}
