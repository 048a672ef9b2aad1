package io.llmfleet.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The outcome of a task: an output or a failure. */
public sealed interface Result {

    /**
     * The task was done. On the wire and in the store this record, as JSON, is the body of the
     * reply.
     *
     * @param output of the shape of the type's output schema
     * @param model the model that did it, as its backend names it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Succeeded(JsonNode output, @Nullable Usage usage, String model) implements Result {}

    /** The task failed for good. */
    record Failed(Failure failure) implements Result {}
}
