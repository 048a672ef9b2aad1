package io.llmfleet.producer.batch;

import io.llmfleet.producer.task.FieldError;
import java.util.List;
import java.util.UUID;

/** What became of one line of a batch. */
public sealed interface LineOutcome {

    /** Counted from 1. */
    int line();

    record Accepted(int line, UUID id) implements LineOutcome {}

    /** Something is wrong with it. */
    record Refused(int line, List<FieldError> errors) implements LineOutcome {}

    /** Nothing is wrong with it, but it could not be accepted now. */
    record Failed(int line, Throwable cause) implements LineOutcome {}
}
