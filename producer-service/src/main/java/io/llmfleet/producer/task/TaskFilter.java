package io.llmfleet.producer.task;

import io.llmfleet.model.TaskState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks of a tenant to list, newest first.
 *
 * @param after only tasks older than this id, the last one of the page before
 * @param limit from 1 to 500
 */
public record TaskFilter(
        String tenant,
        @Nullable TaskState state,
        @Nullable String type,
        @Nullable String target,
        @Nullable String conversation,
        @Nullable UUID batch,
        @Nullable UUID parent,
        @Nullable UUID after,
        int limit) {}
