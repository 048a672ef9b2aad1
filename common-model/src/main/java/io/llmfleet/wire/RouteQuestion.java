package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.model.Priority;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks the routers where they would send a task.
 *
 * @param id by which the answer is recognised
 * @param size of the task's body in bytes
 * @param budgetUsed of the tenant's day, in percent; null where it has no budget
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RouteQuestion(
        UUID id,
        String type,
        String target,
        String tenant,
        Priority priority,
        int size,
        @Nullable Integer budgetUsed) {}
