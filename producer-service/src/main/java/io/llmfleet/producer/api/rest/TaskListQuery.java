package io.llmfleet.producer.api.rest;

import io.llmfleet.model.Names;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.TaskFilter;
import java.util.List;
import java.util.Map;

/** Reads which tasks to list. */
final class TaskListQuery {

    private static final List<String> ACCEPTED =
            List.of("state", "type", "target", "conversation", "batch", "parent", "after", "limit");

    private TaskListQuery() {}

    /**
     * @throws BadRequestException naming every parameter that is wrong
     */
    static TaskFilter read(String tenant, Map<String, String[]> parameters) {
        QueryParameters query = new QueryParameters(parameters, ACCEPTED);
        String type = query.text("type");
        if (type != null && !Names.WORD.matcher(type).matches()) {
            query.error("type", "must match " + Names.WORD.pattern());
        }
        TaskFilter filter =
                new TaskFilter(
                        tenant,
                        query.oneOf("state", TaskState.class),
                        type,
                        query.text("target"),
                        query.text("conversation"),
                        query.id("batch", "the id of a batch"),
                        query.id("parent", "the id of a task"),
                        query.after(),
                        query.limit());
        query.requireValid();
        return filter;
    }
}
