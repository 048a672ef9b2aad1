package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskView;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An endpoint whose requests may come as lines of a batch: each is one task. */
public interface BatchEndpoint {

    /**
     * The task that a request is.
     *
     * @param note what {@link #answer} has to know of the request beside the task; no text of it
     */
    record Asked(String type, String target, JsonNode input, @Nullable String note) {}

    /** Such as {@code /v1/chat/completions}. */
    String url();

    /**
     * @throws OpenAiException if the request is refused
     */
    Asked ask(ObjectNode body);

    /**
     * Keeps what the answer says of the request, for a task that is about to be submitted.
     *
     * @param body that {@link #ask} took
     */
    default void keep(NewTask task, ObjectNode body) {}

    /**
     * The body of the answer.
     *
     * @param done a task with a result
     */
    JsonNode answer(TaskView done, @Nullable String note);

    /** The model that an answer names where the backend named none. */
    static String model(TaskView done) {
        String model = done.model();
        return model == null ? done.target() : model;
    }
}
