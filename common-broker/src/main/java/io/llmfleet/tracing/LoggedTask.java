package io.llmfleet.tracing;

import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.TraceParent;
import java.util.UUID;
import org.slf4j.MDC;

/** While this is open, every line that its thread logs says in a field which task it is about. */
public final class LoggedTask implements AutoCloseable {

    private static final String TASK_ID = "task.id";

    /** As the platform names it for requests; logs call it {@code trace.id}. */
    private static final String TRACE_ID = "traceId";

    private LoggedTask(UUID task, String traceParent) {
        MDC.put(TASK_ID, task.toString());
        MDC.put(TRACE_ID, TraceParent.traceId(traceParent));
    }

    public static LoggedTask about(Envelope task) {
        return new LoggedTask(task.taskId(), task.traceParent());
    }

    public static LoggedTask about(UUID task, String traceParent) {
        return new LoggedTask(task, traceParent);
    }

    @Override
    public void close() {
        MDC.remove(TASK_ID);
        MDC.remove(TRACE_ID);
    }
}
