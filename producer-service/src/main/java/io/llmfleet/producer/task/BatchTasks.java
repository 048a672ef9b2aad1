package io.llmfleet.producer.task;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The facade for those who look after the tasks of a batch: reads many of them, a part at a time.
 */
public interface BatchTasks {

    /** Tasks of a batch that are not final, in the order of their ids. */
    List<TaskView> open(UUID batch, @Nullable UUID after, int limit);

    /**
     * The first of these tasks that succeeded, with their results, in the given order: as many as
     * have results of so many bytes together, and one at least. Empty if there are no more.
     *
     * @param ids not empty
     */
    List<TaskView> succeeded(String tenant, List<UUID> ids, long bytes);

    /**
     * Those of these tasks that ended without a result.
     *
     * @param ids not empty
     */
    List<TaskView> unsuccessful(String tenant, List<UUID> ids);

    /** Which tasks were accepted under these keys of {@link Tasks#submitOnce}. */
    Map<String, UUID> accepted(String tenant, List<String> keys);
}
