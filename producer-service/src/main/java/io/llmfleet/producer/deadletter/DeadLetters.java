package io.llmfleet.producer.deadletter;

import io.llmfleet.producer.task.FieldError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The facade of the dead letters. A null tenant is an administrator, who sees all of them. */
public interface DeadLetters {

    /** What came of a decision. */
    enum Decision {
        DONE,
        /** No such letter, or another tenant's. */
        UNKNOWN,
        /** It was replayed or discarded before. */
        DECIDED_BEFORE,
        /** Its task's input is gone, or it is a message that still cannot be read. */
        IMPOSSIBLE
    }

    /**
     * Newest first.
     *
     * @param after only letters older than this one
     */
    List<DeadLetter> list(
            @Nullable String tenant, LetterFilter filter, @Nullable UUID after, int limit);

    /** The largest groups first. */
    List<LetterGroup> groups(@Nullable String tenant, LetterFilter filter, GroupBy by);

    Optional<DeadLetter> find(@Nullable String tenant, UUID id);

    /** JSON of the {@link io.llmfleet.wire.TaskBody} of a letter's task; empty if it is gone. */
    Optional<byte[]> input(@Nullable String tenant, UUID id);

    /**
     * Runs a task again with the next epoch; at most once for each letter, however often it is
     * asked for.
     *
     * @throws io.llmfleet.producer.task.OverloadedException if the budget of the task's key is
     *     spent
     */
    Decision replay(@Nullable String tenant, UUID id);

    /** What came of the wish to run an edited copy. */
    sealed interface Copied {

        /**
         * @param task the copy, which is on its way
         */
        record Done(UUID task) implements Copied {}

        /**
         * @param why never that it was done
         */
        record Refused(Decision why) implements Copied {}

        /**
         * @param errors of the fields that are wrong
         */
        record Invalid(List<FieldError> errors) implements Copied {}
    }

    /**
     * Replays a letter by an edited copy of its task, which is another task of the same tenant and
     * key; the letter is decided about by it, and names it.
     *
     * @param changes fields of a request for a task, which replace those of the letter's; null
     *     leaves one out
     * @throws io.llmfleet.producer.task.OverloadedException as for any new task
     */
    Copied copy(@Nullable String tenant, UUID id, JsonNode changes, String traceParent);

    /** Decides that nothing is to be done; a message's body is deleted. */
    Decision discard(@Nullable String tenant, UUID id, String reason);

    /**
     * Keeps a message that could not be read; the same message is kept once.
     *
     * @param source the queue that it was in
     */
    void keep(
            @Nullable String tenant,
            String source,
            Map<String, Object> headers,
            byte[] body,
            String reason);
}
