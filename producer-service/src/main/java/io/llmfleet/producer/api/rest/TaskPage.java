package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.producer.task.TaskFilter;
import io.llmfleet.producer.task.TaskView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One page of a list. */
@Schema(description = "Tasks, newest first.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record TaskPage(
        List<TaskJson> items,
        @Schema(description = "Ask for the next page with after=<this>; left out on the last page.")
                @Nullable UUID next) {

    static TaskPage of(TaskFilter filter, List<TaskView> tasks) {
        return new TaskPage(
                tasks.stream().map(TaskJson::of).toList(),
                tasks.size() < filter.limit() ? null : tasks.getLast().id());
    }
}
