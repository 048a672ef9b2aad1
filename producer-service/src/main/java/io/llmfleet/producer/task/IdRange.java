package io.llmfleet.producer.task;

import java.util.Collection;
import java.util.UUID;

/**
 * The range that ids lie in: a statement that names it touches only the partitions of these days.
 *
 * @param first as PostgreSQL sorts, see {@link UuidOrder}
 * @param last likewise, inclusive
 */
record IdRange(UUID first, UUID last) {

    /**
     * @param ids not empty
     */
    static IdRange of(Collection<UUID> ids) {
        return new IdRange(
                ids.stream().min(UuidOrder.UNSIGNED).orElseThrow(),
                ids.stream().max(UuidOrder.UNSIGNED).orElseThrow());
    }
}
