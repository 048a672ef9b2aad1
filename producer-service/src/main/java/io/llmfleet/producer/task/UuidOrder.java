package io.llmfleet.producer.task;

import java.util.Comparator;
import java.util.UUID;

/**
 * The order in which PostgreSQL sorts UUIDs: by their bytes, unsigned, unlike {@link
 * UUID#compareTo}.
 */
public final class UuidOrder {

    public static final Comparator<UUID> UNSIGNED =
            (a, b) -> {
                int high =
                        Long.compareUnsigned(
                                a.getMostSignificantBits(), b.getMostSignificantBits());
                return high != 0
                        ? high
                        : Long.compareUnsigned(
                                a.getLeastSignificantBits(), b.getLeastSignificantBits());
            };

    private UuidOrder() {}
}
