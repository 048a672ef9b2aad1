package io.llmfleet.worker.execution;

import io.llmfleet.wire.WireBody;
import io.llmfleet.worker.metrics.WorkMeters;
import java.util.Map;

/**
 * A delivered message that waits for its settlement: exactly one of {@link #ack} and {@link
 * #reject}.
 */
public interface WorkItem {

    /** Whether another delivery of it may have been worked on. */
    boolean redelivered();

    /** Whether another copy of it may be on its way, or done with. */
    boolean repeated();

    /** Whether the broker has taken it back; it is delivered again then. */
    boolean gone();

    /** What it is counted as. */
    WorkMeters.Kind kind();

    Map<String, Object> headers();

    /**
     * The JSON.
     *
     * @throws io.llmfleet.wire.UnreadableMessageException if it travelled compressed and cannot be
     *     inflated
     */
    byte[] body();

    /** The body as it came, to be passed on. */
    WireBody wireBody();

    /** It is done with; does nothing if the broker has taken it back meanwhile. */
    void ack();

    /** It cannot be read: it becomes a dead letter. */
    void reject();
}
