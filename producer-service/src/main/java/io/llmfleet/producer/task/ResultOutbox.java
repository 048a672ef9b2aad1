package io.llmfleet.producer.task;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * The facade for results that AMQP clients wait for; they are put here in the transaction of the
 * final state.
 */
public interface ResultOutbox {

    /** A final task and where its result goes. */
    record Item(TaskView task, NewTask.ReplyTo replyTo, String traceParent) {}

    /** Takes results that nobody has taken, or that were taken long ago and not delivered. */
    List<Item> claim(int limit);

    /** The broker has these. */
    void delivered(Collection<UUID> tasks);

    /** Calls the listener after each commit that put something here; it must not block. */
    void onResults(Runnable listener);
}
