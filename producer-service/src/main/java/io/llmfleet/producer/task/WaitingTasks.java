package io.llmfleet.producer.task;

import io.llmfleet.model.Priority;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The facade for those who want to know where a task is in line: what waits for a worker. */
public interface WaitingTasks {

    /**
     * Tasks that wait for the same workers at the same priority.
     *
     * @param pool the router's choice; null before it has made one
     */
    record Line(String target, @Nullable String pool, Priority priority) {}

    /**
     * A line as it was a moment ago.
     *
     * @param higher how many wait for the same workers at a higher priority, counted up to the
     *     limit
     * @param ids those of the line by tenant, oldest first, of each up to the limit
     */
    record InLine(long higher, Map<String, List<UUID>> ids) {}

    /**
     * Reads what was not started yet: of the pool, and of what no pool was chosen for, the target.
     */
    InLine read(Line line, int limit);
}
