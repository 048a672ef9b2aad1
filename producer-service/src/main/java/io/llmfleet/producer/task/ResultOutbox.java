package io.llmfleet.producer.task;

import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * The facade for results that AMQP clients wait for; they are put here in the transaction of the
 * final state.
 */
public interface ResultOutbox {

    /** That somebody took a task's result; a replay's result is to be taken anew. */
    record Claim(UUID task, OffsetDateTime at) {}

    /** A final task and where its result goes. */
    record Item(TaskView task, NewTask.ReplyTo replyTo, String traceParent, Claim claim) {}

    /** Takes results that nobody has taken, or that were taken long ago and not delivered. */
    List<Item> claim(int limit);

    /** The broker has what was taken so. */
    void delivered(Collection<Claim> claims);

    /** Calls the listener after each commit that put something here; it must not block. */
    void onResults(Runnable listener);
}
