package io.llmfleet.producer.task;

import java.util.List;

/** What became of a request to accept a task: a task that may be submitted, or why not. */
public sealed interface ParsedTask {

    record Valid(NewTask task) implements ParsedTask {}

    /**
     * @param errors at least one
     */
    record Invalid(List<FieldError> errors) implements ParsedTask {

        static Invalid of(String field, String message) {
            return new Invalid(List.of(new FieldError(field, message)));
        }
    }
}
