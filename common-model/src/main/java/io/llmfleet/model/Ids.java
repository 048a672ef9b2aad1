package io.llmfleet.model;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import java.time.Instant;
import java.util.UUID;

/** Task ids: UUIDv7 (RFC 9562), so that ids sort by the time of acceptance. */
public final class Ids {

    private static final TimeBasedEpochRandomGenerator GENERATOR =
            Generators.timeBasedEpochRandomGenerator();

    private Ids() {}

    public static UUID newId() {
        return GENERATOR.generate();
    }

    /** The millisecond in which a UUIDv7 was made (its first 48 bits). */
    public static Instant timeOf(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    /** The smallest UUIDv7 of a millisecond: the lower bound of a partition or of a page. */
    public static UUID floorOf(Instant time) {
        return new UUID(time.toEpochMilli() << 16, 0);
    }
}
