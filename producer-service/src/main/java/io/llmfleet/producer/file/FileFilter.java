package io.llmfleet.producer.file;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a tenant to list.
 *
 * @param after only what comes after this one in the order of the list
 * @param newestFirst or oldest first
 */
public record FileFilter(
        String tenant,
        @Nullable String purpose,
        @Nullable UUID after,
        boolean newestFirst,
        int limit) {}
