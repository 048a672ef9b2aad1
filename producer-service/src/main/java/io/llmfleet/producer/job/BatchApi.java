package io.llmfleet.producer.job;

import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.TaskView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What jobs need of the API whose requests their lines are. */
public interface BatchApi {

    /** What became of a line's request. */
    sealed interface Line {

        /**
         * It is a task that may be submitted.
         *
         * @param note what the response has to know of the request beside the task; no text of it
         */
        record Accepted(NewTask task, @Nullable String note) implements Line {}

        record Refused(Response response) implements Line {}
    }

    /** What the API would have answered, had the request come by itself. */
    record Response(int status, JsonNode body) {}

    /**
     * Makes a task of a line's body.
     *
     * @param deadline of the task
     */
    Line read(String endpoint, ObjectNode body, TaskOrigin origin, Instant deadline);

    /**
     * @param done a final task
     * @param note that {@link #read} gave; null also where it got lost with a producer
     */
    Response respond(String endpoint, TaskView done, @Nullable String note);

    /** The answer where something unexpected went wrong, which is in the log. */
    Response internalError();

    /** The body of the webhook that tells of a job's end. */
    String event(String type, UUID job, Instant at);
}
